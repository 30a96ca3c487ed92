use std::{
    ffi::OsString,
    future::{Future, poll_fn},
    os::unix::ffi::OsStringExt,
    path::{Path, PathBuf},
    task::Poll,
    time::Duration,
};

use llm_sandbox_protocol::{Channel, ResourceLimits, RunRequest, TerminalSize};

use super::{Launch, Run, RunHandle, Stdin, program};
use crate::{
    Error, InterpreterOrigin, Limits, Session,
    command::Program,
    connection::Sender,
    input::{inside_path, variable},
    session::Build,
    text,
};

/// The search path behind the interpreter's own directory.
const SEARCH_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// Checks a run, writes its files, opens its stream and sends what it reads.
pub(crate) async fn start(session: &Session, run: Run) -> Result<RunHandle, Error> {
    session.connection()?;
    let run = session.admit(run).await?;
    let (what, is_detached) = (what(session, &run.program), run.detached);
    let inside = program::text_inside(session, &run).await;
    let Plan { request, files, source, stdin, kept, needs_image_interpreter, build } = Plan::new(session, run, inside)?;
    session.write_admitted(files).await?;
    let is_stdin_live = stdin == Stdin::Live;
    let launch = Launch { request, what, is_detached, is_stdin_live, kept, needs_image_interpreter, build };
    let opened = launch.open(session).await?;
    feed(opened.sender().clone(), source, stdin).await;
    let held = opened.hold(session).await?;
    if is_detached {
        held.detach();
    }
    Ok(RunHandle::new(session.clone(), held))
}

/// A run whose every value was checked.
struct Plan {
    request: RunRequest,
    files: Vec<(PathBuf, Vec<u8>)>,
    source: Option<Vec<u8>>,
    stdin: Stdin,
    kept: u64,
    needs_image_interpreter: bool,
    build: Option<Build>,
}

impl Plan {
    fn new(session: &Session, run: Run, inside: Option<Vec<u8>>) -> Result<Self, Error> {
        let defaults = session.defaults();
        let limits = &defaults.limits;
        let directory = directory(&defaults.directory, run.directory.as_deref())?;
        let limit = run.wall_time.resolve("timeout", limits.wall_time)?;
        let cpu_limit = run.cpu_time.resolve("CPU time", limits.cpu_time)?;
        let cap = run.output_bytes.unwrap_or(limits.output_bytes);
        let environment = environment(session, run.environment)?;
        let is_command = matches!(run.program, Program::Command(_));
        let (files, arguments) = ((run.files, run.sources), run.arguments);
        let start = program::plan(session, (run.program, inside), files, arguments, &environment)?;
        let (path, source) = start.source.unzip();
        let environment = environment.into_iter().map(|(name, value)| (name.into_vec(), value.into_vec()));
        let request = RunRequest {
            argv: start.argv,
            environment: environment.collect(),
            directory: directory.into_os_string().into_vec(),
            stdin: run.stdin != Stdin::Empty,
            terminal: run.terminal.map(|(rows, columns)| TerminalSize { rows, columns }),
            wall_limit: limit.map(nanoseconds),
            cpu_limit: cpu_limit.map(nanoseconds),
            stdout_cap: cap,
            stderr_cap: cap,
            source: path.map(|path| path.into_os_string().into_vec()),
            resources: ResourceLimits { file_size: limits.file_size_bytes, open_files: limits.open_files },
            compile: start.compilation,
        };
        let from_image = session.interpreter_origin() == InterpreterOrigin::Image;
        let is_launched = !session.image().launcher.is_empty();
        let needs_image_interpreter = (!is_command || is_launched) && from_image && run.directory.is_none();
        let build = start.build;
        let kept = cap.or(limits.output_bytes).unwrap_or(Limits::OUTPUT_BYTES);
        Ok(Self { request, files: start.files, source, stdin: run.stdin, kept, needs_image_interpreter, build })
    }
}

/// What a run is called in lists.
fn what(session: &Session, program: &Program) -> String {
    match program {
        Program::Code(_) => session.language().name.clone(),
        Program::Entry(path) => text::brief(&path.to_string_lossy()),
        Program::Command(program) => text::brief(&program.to_string_lossy()),
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

fn directory(base: &Path, given: Option<&Path>) -> Result<PathBuf, Error> {
    given.map_or_else(|| Ok(base.to_owned()), |path| inside_path("working directory", base, path))
}

/// The whole environment of a run, built from nothing but what the image gives; the caller's values stand over ours.
fn environment(session: &Session, given: Vec<(OsString, OsString)>) -> Result<Vec<(OsString, OsString)>, Error> {
    let image = session.image().environment.iter().cloned();
    let mut ours: Vec<(OsString, OsString)> = vec![
        ("PATH".into(), search_path(session)),
        ("HOME".into(), session.defaults().home.clone().into()),
        ("USER".into(), "sandbox".into()),
    ];
    if let Some(temporary) = &session.defaults().temporary {
        ours.push(("TMPDIR".into(), temporary.into()));
    }
    ours.extend(program::variables(session));
    let mut environment: Vec<(OsString, OsString)> = vec![("LANG".into(), "C.UTF-8".into())];
    for (name, value) in image.chain(ours).chain(session.defaults().environment.iter().cloned()).chain(given) {
        variable(&name, &value)?;
        environment.retain(|(known, _)| *known != name);
        environment.push((name, value));
    }
    Ok(environment)
}

/// Where programs are looked for: beside the interpreter, where the image says, and where they always are.
fn search_path(session: &Session) -> OsString {
    let image = session.image().environment.iter().find(|(name, value)| name == "PATH" && !value.is_empty());
    let mut path = image.map_or_else(OsString::new, |(_, value)| value.clone());
    let is_in = |path: &OsString, directory: &Path| std::env::split_paths(path).any(|one| one == directory);
    for directory in std::env::split_paths(SEARCH_PATH) {
        if !is_in(&path, &directory) {
            path.push(if path.is_empty() { "" } else { ":" });
            path.push(directory);
        }
    }
    let parents = session.programs().iter().filter_map(|program| program.parent());
    let mut before: Vec<&Path> = parents.filter(|parent| parent.is_absolute() && !is_in(&path, parent)).collect();
    before.dedup();
    let before = before.into_iter().flat_map(|parent| [parent.as_os_str(), ":".as_ref()]);
    before.chain([path.as_os_str()]).collect()
}

/// Sends program text and standard input: at once where they fit, else beside the run.
async fn feed(sender: Sender, source: Option<Vec<u8>>, stdin: Stdin) {
    let mut feeding = Box::pin(async move {
        if let Some(source) = source {
            sender.send(Channel::Source, source).await;
            sender.end(Channel::Source);
        }
        if let Stdin::Bytes(bytes) = stdin {
            sender.send(Channel::Stdin, bytes).await;
            sender.end(Channel::Stdin);
        }
    });
    if poll_fn(|context| Poll::Ready(feeding.as_mut().poll(context).is_pending())).await {
        // It ends with the stream at the latest.
        tokio::spawn(feeding);
    }
}
