use crate::field::choice;
use crate::{
    Entry, FileFailure, GetFiles, ListFiles, MakeDirectory, PutFiles, RemoveFile, RunEnded, RunRequest, RunStarted,
    StatFile, TerminalSize,
};

choice! {
    /// What a new stream is for.
    pub enum Request {
        /// Run a program.
        1 Run(RunRequest),
        /// Write files.
        2 Put(PutFiles),
        /// Read files.
        3 Get(GetFiles),
        /// List a directory.
        4 List(ListFiles),
        /// Describe a path.
        5 Stat(StatFile),
        /// Remove a path.
        6 Remove(RemoveFile),
        /// Make a directory.
        7 MakeDirectory(MakeDirectory),
        /// Run a program that goes on when whoever asked resets the stream, and whose result is kept until then. For those
        /// who share a session; agents know only those who wait.
        8 RunDetached(RunRequest),
    }
}

choice! {
    /// What the side that asked adds while the stream is open.
    pub enum Control {
        /// Send this signal to the run's main process group.
        1 Signal(i32),
        /// The terminal has a new size.
        2 Resize(TerminalSize),
        /// The next file or directory to write; a file's content follows, closed by [`crate::Kind::End`].
        4 Entry(Entry),
        |
        /// Kill the run's whole tree.
        3 Kill,
        /// Nothing more is to be written.
        5 Finish,
        /// The result of a run that is detached has been taken, to those who share a session.
        6 Taken,
    }
}

choice! {
    /// What the side that was asked reports.
    pub enum Event {
        /// The program is running.
        1 RunStarted(RunStarted),
        /// The run is over; last on its stream.
        2 RunEnded(RunEnded),
        /// A file or directory; a file's content follows where it was asked for.
        3 Entry(Entry),
        /// The operation failed; last on its stream.
        5 Failed(FileFailure),
        /// The number of the run among all of its session; first on its stream, and only from those who share a session.
        6 RunNumbered(u64),
        |
        /// The operation succeeded; last on its stream.
        4 Done,
    }
}
