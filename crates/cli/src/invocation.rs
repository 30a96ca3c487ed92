//! How this process was called, and how it starts itself again.

use std::{ffi::OsString, io, process::Command, sync::OnceLock};

struct Invocation {
    arguments: Vec<OsString>,
    itself: Option<Vec<OsString>>,
}

static INVOCATION: OnceLock<Invocation> = OnceLock::new();

/// Keeps what the process was called with; the first call counts.
pub(crate) fn remember(arguments: Vec<OsString>, itself: Option<Vec<OsString>>) {
    let _ = INVOCATION.set(Invocation { arguments, itself });
}

/// The arguments behind the program's name.
pub(crate) fn arguments() -> &'static [OsString] {
    INVOCATION.get().and_then(|invocation| invocation.arguments.get(1..)).unwrap_or_default()
}

/// This program once more, without arguments yet.
pub(crate) fn itself() -> io::Result<Command> {
    match INVOCATION.get().and_then(|invocation| invocation.itself.as_deref()) {
        Some([program, rest @ ..]) => {
            let mut command = Command::new(program);
            command.args(rest);
            Ok(command)
        }
        _ => std::env::current_exe().map(Command::new),
    }
}
