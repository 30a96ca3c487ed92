use llm_sandbox_protocol::{
    Channel, Compilation, Control, Entry, EntryKind, Frame, GetFiles, HEADER, Kind, ListFiles, MakeDirectory, PutFiles,
    RemoveFile, Request, RunRequest, StatFile, TerminalSize, TreeBounds, data_header,
};
use llm_sandbox_testing::program;

use crate::{
    dice::Dice,
    lies::{CHANNELS, Lie, invented, lie},
};

/// Streams that are open at once: each may be a program.
const OPEN_MOST: usize = 8;

const BOUNDS: TreeBounds = TreeBounds { bytes: 1 << 20, entries: 100, depth: 8 };

/// Names that files may have; some are directories of the system's, or nothing.
const PATHS: [&[u8]; 8] =
    [b"/sandbox/a", b"/sandbox/b/c", b"/sandbox", b"/tmp/x", b"/etc/passwd", b"/proc/self", b"/sandbox/../x", b"nul\0"];

/// Programs that end at once, that read, wait or print for ever, one whose text comes from the host, and one that is not.
const PROGRAMS: [&[&str]; 6] = [
    &["/bin/true"],
    &["/bin/cat"],
    &["/bin/sleep", "1000"],
    &["/usr/bin/yes"],
    &["/bin/sh", "/sandbox/main"],
    &["none"],
];

/// A host that talks without end, of what it has opened and of what it has not.
pub(crate) struct Chatter {
    dice: Dice,
    /// One frame in so many is not even what it seems.
    lies: u64,
    next: u32,
    open: Vec<u32>,
}

impl Chatter {
    pub(crate) fn new(dice: Dice, lies: u64) -> Self {
        Self { dice, lies, next: 1, open: Vec::new() }
    }

    /// The next frame.
    pub(crate) fn next(&mut self) -> Lie {
        let frame = self.frame();
        match self.dice.one_in(self.lies) {
            true => lie(&mut self.dice, frame),
            false => Lie::whole(&[frame]),
        }
    }

    fn frame(&mut self) -> Frame {
        if self.open.len() > OPEN_MOST {
            return Frame::reset(self.open.remove(0));
        }
        let stream = self.stream();
        match self.dice.below(100) {
            0..2 => self.request(),
            2..4 => {
                let mut frame = self.request();
                frame.payload = self.blurred(frame.payload);
                frame
            }
            4..30 => self.data(stream),
            30..44 => Frame::message(stream, Kind::Control, &self.control()),
            44..58 => Frame::credit(stream, self.dice.number()),
            58..66 => Frame::end(stream, *self.dice.pick(&CHANNELS)),
            66..70 => Frame::reset(stream),
            70..80 => {
                let payload = self.dice.bytes(64);
                Frame { stream, kind: Kind::Ping, channel: Channel::None, payload }
            }
            _ => self.nonsense(stream),
        }
    }

    /// A stream that was opened, or any other.
    fn stream(&mut self) -> u32 {
        match self.dice.below(4) {
            0 => self.next.wrapping_add(u32::try_from(self.dice.below(9)).expect("small")).wrapping_sub(5),
            _ if self.open.is_empty() => 0,
            _ => *self.dice.pick(&self.open),
        }
    }

    /// A frame of fair form that means nothing where it comes: only such as a host may send by mistake.
    fn nonsense(&mut self, stream: u32) -> Frame {
        let frame = invented(&mut self.dice, stream);
        match frame.kind {
            Kind::Hello | Kind::Control => Frame { kind: Kind::Event, ..frame },
            Kind::Ping => Frame { kind: Kind::Pong, ..frame },
            _ => frame,
        }
    }

    fn data(&mut self, stream: u32) -> Frame {
        let (channel, bytes) = (*self.dice.pick(&CHANNELS), self.dice.bytes(100));
        let header = data_header(stream, channel, self.dice.number(), 0, bytes.len());
        Frame { stream, kind: Kind::Data, channel, payload: [&header[HEADER..], &bytes].concat() }
    }

    fn control(&mut self) -> Control {
        match self.dice.below(6) {
            0 => Control::Signal(i32::try_from(self.dice.below(70)).expect("small")),
            1 => Control::Resize(TerminalSize { rows: 1, columns: u16::MAX }),
            2 => Control::Kill,
            3 => Control::Finish,
            _ => {
                let kind = self.dice.pick(&[EntryKind::File, EntryKind::Directory, EntryKind::Link]).clone();
                let target = self.dice.one_in(2).then(|| self.path());
                let path = self.path().into_iter().skip(1).collect();
                Control::Entry(Entry { path, kind, size: self.dice.number(), mode: 0o7777, modified: 0, target })
            }
        }
    }

    fn path(&mut self) -> Vec<u8> {
        self.dice.pick(&PATHS).to_vec()
    }

    /// A request on a stream of its own.
    fn request(&mut self) -> Frame {
        let stream = self.next;
        self.next += 2;
        self.open.push(stream);
        let (path, recursive, bounds) = (self.path(), self.dice.one_in(2), BOUNDS);
        let request = match self.dice.below(10) {
            0 => Request::Put(PutFiles { directory: path, bounds }),
            1 => Request::Get(GetFiles { path, recursive, bounds }),
            2 => Request::List(ListFiles { path, recursive, bounds }),
            3 => Request::Stat(StatFile { path }),
            4 => Request::Remove(RemoveFile { path, recursive }),
            5 => Request::MakeDirectory(MakeDirectory { path }),
            _ => Request::Run(self.run()),
        };
        Frame::message(stream, Kind::Open, &request)
    }

    fn run(&mut self) -> RunRequest {
        let argv = self.dice.pick(&PROGRAMS);
        let mut run = program(argv);
        run.stdin = self.dice.one_in(2);
        run.terminal = self.dice.one_in(6).then_some(TerminalSize { rows: 24, columns: 80 });
        run.stdout_cap = self.dice.one_in(2).then(|| self.dice.number());
        run.wall_limit = self.dice.one_in(2).then(|| self.dice.number());
        run.cpu_limit = self.dice.one_in(4).then(|| self.dice.number());
        run.source = self.dice.one_in(3).then(|| b"/sandbox/main".to_vec());
        run.compile = self.dice.one_in(6).then(|| Compilation {
            argv: program(argv).argv,
            directory: b"/sandbox/build".to_vec(),
            keeps_name: self.dice.one_in(2),
        });
        run
    }

    /// A payload with some bytes changed: a path, a number, a length.
    fn blurred(&mut self, mut payload: Vec<u8>) -> Vec<u8> {
        for _ in 0..=self.dice.below(3) {
            let at = self.dice.index(payload.len());
            payload[at] = self.dice.byte();
        }
        payload
    }
}
