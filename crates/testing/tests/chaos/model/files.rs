use std::collections::VecDeque;

use llm_sandbox_protocol::{
    Channel, Entry, EntryKind, Event, FailureKind, FileFailure, Frame, HEADER, Kind, Request, WINDOW, data_header,
};

use super::{Model, tree::Tree};

/// Files on their way in.
pub(super) struct Put {
    directory: Vec<u8>,
    name: Vec<u8>,
    pub(super) content: Vec<u8>,
}

/// An answer on its way out, as credit comes.
pub(super) struct Answer {
    stream: u32,
    frames: VecDeque<Frame>,
    pub(super) credit: u64,
}

/// The largest piece of a file, in bytes.
const PIECE: usize = 8 << 10;

impl Answer {
    /// All that is to be said to a request, up to its last word.
    fn new(tree: &mut Tree, stream: u32, request: Request) -> Self {
        let mut answer = Self { stream, frames: VecDeque::new(), credit: WINDOW.into() };
        let (path, result) = match request {
            Request::Get(get) => (get.path.clone(), answer.get(tree, &get.path, get.recursive)),
            Request::List(list) => (list.path.clone(), answer.list(tree, &list.path, list.recursive)),
            Request::Stat(stat) => (stat.path.clone(), answer.tell(tree, &stat.path, b"")),
            Request::Remove(remove) => (remove.path.clone(), tree.remove(&remove.path, remove.recursive)),
            Request::MakeDirectory(make) => (make.path.clone(), tree.make_directory(&make.path)),
            _ => (Vec::new(), Ok(())),
        };
        answer.event(&match result {
            Ok(()) => Event::Done,
            Err(kind) => failed(kind, &path),
        });
        answer
    }

    fn get(&mut self, tree: &Tree, path: &[u8], recursive: bool) -> Result<(), FailureKind> {
        match tree.get(path)? {
            Some(content) => self.file(tree, path, b"", content),
            None if recursive => {
                for below in tree.below(path) {
                    let name = &below[path.len() + 1..];
                    match tree.get(&below)? {
                        Some(content) => self.file(tree, &below, name, content)?,
                        None => self.tell(tree, &below, name)?,
                    }
                }
                Ok(())
            }
            None => Err(FailureKind::WrongKind),
        }
    }

    fn file(&mut self, tree: &Tree, path: &[u8], name: &[u8], content: &[u8]) -> Result<(), FailureKind> {
        self.tell(tree, path, name)?;
        for (number, piece) in content.chunks(PIECE).enumerate() {
            let header = data_header(self.stream, Channel::Content, number as u64, 0, piece.len());
            let payload = [&header[HEADER..], piece].concat();
            self.frames.push_back(Frame { stream: self.stream, kind: Kind::Data, channel: Channel::Content, payload });
        }
        self.frames.push_back(Frame::end(self.stream, Channel::Content));
        Ok(())
    }

    fn list(&mut self, tree: &Tree, path: &[u8], recursive: bool) -> Result<(), FailureKind> {
        if tree.get(path)?.is_some() {
            return Err(FailureKind::WrongKind);
        }
        for below in tree.below(path) {
            let name = &below[path.len() + 1..];
            if recursive || !name.contains(&b'/') {
                self.tell(tree, &below, name)?;
            }
        }
        Ok(())
    }

    fn tell(&mut self, tree: &Tree, path: &[u8], name: &[u8]) -> Result<(), FailureKind> {
        let entry = tree.entry(path, name)?;
        self.event(&Event::Entry(entry));
        Ok(())
    }

    fn event(&mut self, event: &Event) {
        self.frames.push_back(Frame::message(self.stream, Kind::Event, event));
    }

    /// The next frame, if there is credit for it.
    fn next(&mut self) -> Option<Frame> {
        let next = self.frames.front()?;
        let size = next.data().map_or(0, |(_, _, bytes)| if next.kind == Kind::Data { bytes.len() as u64 } else { 0 });
        self.credit = self.credit.checked_sub(size)?;
        self.frames.pop_front()
    }
}

fn failed(kind: FailureKind, path: &[u8]) -> Event {
    Event::Failed(FileFailure { kind, path: path.to_vec(), error: None, detail: String::new() })
}

impl Model {
    pub(super) async fn open_files(&mut self, stream: u32, request: Request) -> Option<()> {
        if let Request::Put(put) = request {
            // The root's own name ends like what stands before every other.
            let directory = put.directory.strip_suffix(b"/").unwrap_or(&put.directory).to_vec();
            self.puts.insert(stream, Put { directory, name: Vec::new(), content: Vec::new() });
            return Some(());
        }
        let answer = Answer::new(&mut self.tree, stream, request);
        self.answers.insert(stream, answer);
        self.go_on(stream).await
    }

    /// Says what there is credit for.
    pub(super) async fn go_on(&mut self, stream: u32) -> Option<()> {
        while let Some(frame) = self.answers.get_mut(&stream).and_then(Answer::next) {
            self.say(frame).await?;
        }
        self.answers.retain(|_, answer| !answer.frames.is_empty());
        Some(())
    }

    /// A file or directory that is about to come in.
    pub(super) async fn announce(&mut self, stream: u32, entry: Entry) -> Option<()> {
        let Some(put) = self.puts.get_mut(&stream) else { return Some(()) };
        put.name = entry.path;
        put.content.clear();
        if entry.kind == EntryKind::Directory {
            let path = [put.directory.as_slice(), b"/", &put.name].concat();
            if let Err(kind) = self.tree.make_directory(&path) {
                return self.refuse(stream, kind).await;
            }
        }
        Some(())
    }

    /// A file has come in whole.
    pub(super) async fn keep(&mut self, stream: u32) -> Option<()> {
        let Some(put) = self.puts.get_mut(&stream) else { return Some(()) };
        let path = [put.directory.as_slice(), b"/", &put.name].concat();
        match self.tree.write(&path, std::mem::take(&mut put.content)) {
            Ok(()) => Some(()),
            Err(kind) => self.refuse(stream, kind).await,
        }
    }

    async fn refuse(&mut self, stream: u32, kind: FailureKind) -> Option<()> {
        let put = self.puts.remove(&stream)?;
        self.event(stream, &failed(kind, &put.name)).await
    }

    pub(super) async fn finish_put(&mut self, stream: u32) -> Option<()> {
        match self.puts.remove(&stream) {
            Some(_) => self.event(stream, &Event::Done).await,
            None => Some(()),
        }
    }
}
