use std::{
    ffi::OsString,
    future::{Future, poll_fn},
    os::unix::ffi::OsStringExt,
    path::{Path, PathBuf},
    task::Poll,
    time::Duration,
};

use llm_sandbox_protocol::{Channel, ResourceLimits, RunRequest, TerminalSize};

use super::{Launch, Run, RunHandle, Stdin};
use crate::{
    Error, InterpreterOrigin, Session,
    command::Program,
    connection::Sender,
    input::{inside_path, no_nul, variable},
    text,
};

/// The longest program text, in bytes.
const SOURCE_MOST: usize = 16 << 20;

/// The longest single argument that Linux takes, in bytes.
const ARGUMENT_MOST: usize = (128 << 10) - 1;

/// The search path behind the interpreter's own directory.
const SEARCH_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// Checks a run, opens its stream and sends what it reads.
pub(crate) async fn start(session: &Session, run: Run) -> Result<RunHandle, Error> {
    session.connection()?;
    let (what, is_detached) = (what(session, &run.program), run.detached);
    let Plan { request, source, stdin, needs_image_interpreter } = Plan::new(session, run)?;
    let is_stdin_live = stdin == Stdin::Live;
    let launch = Launch { request, what, is_detached, is_stdin_live, needs_image_interpreter };
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
    source: Option<Vec<u8>>,
    stdin: Stdin,
    needs_image_interpreter: bool,
}

impl Plan {
    fn new(session: &Session, run: Run) -> Result<Self, Error> {
        let defaults = session.defaults();
        let limits = &defaults.limits;
        let directory = directory(&defaults.directory, run.directory.as_deref())?;
        let limit = run.wall_time.resolve("timeout", limits.wall_time)?;
        let cpu_limit = run.cpu_time.resolve("CPU time", limits.cpu_time)?;
        let cap = run.output_bytes.unwrap_or(limits.output_bytes);
        let environment = environment(session, run.environment)?;
        let is_code = matches!(run.program, Program::Code(_));
        let (argv, source) = program(session, run.program, run.arguments)?;
        let request = RunRequest {
            argv,
            environment,
            directory: directory.into_os_string().into_vec(),
            stdin: run.stdin != Stdin::Empty,
            terminal: run.terminal.map(|(rows, columns)| TerminalSize { rows, columns }),
            wall_limit: limit.map(nanoseconds),
            cpu_limit: cpu_limit.map(nanoseconds),
            stdout_cap: cap,
            stderr_cap: cap,
            source: source.is_some().then(|| source_path(session).into_os_string().into_vec()),
            resources: ResourceLimits { file_size: limits.file_size_bytes, open_files: limits.open_files },
        };
        let from_image = session.interpreter_origin() == InterpreterOrigin::Image;
        let is_launched = !session.image().launcher.is_empty();
        let needs_image_interpreter = (is_code || is_launched) && from_image && run.directory.is_none();
        Ok(Self { request, source, stdin: run.stdin, needs_image_interpreter })
    }
}

/// What a run is called in lists.
fn what(session: &Session, program: &Program) -> String {
    match program {
        Program::Code(_) => session.language().name().to_owned(),
        Program::Command(program) => text::brief(&program.to_string_lossy()),
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

fn source_path(session: &Session) -> PathBuf {
    session.defaults().directory.join(session.language().source_name())
}

fn directory(base: &Path, given: Option<&Path>) -> Result<PathBuf, Error> {
    given.map_or_else(|| Ok(base.to_owned()), |path| inside_path("working directory", base, path))
}

type Argv = Vec<Vec<u8>>;

fn program(session: &Session, program: Program, arguments: Vec<OsString>) -> Result<(Argv, Option<Vec<u8>>), Error> {
    let (mut argv, source) = match program {
        Program::Code(source) => {
            check_source(&source)?;
            (vec![session.program().to_owned().into_os_string(), source_path(session).into()], Some(source))
        }
        Program::Command(program) if program.is_empty() => {
            return Err(Error::invalid("program", "its name is empty").with_remedy("name a program, such as ls"));
        }
        Program::Command(program) => (vec![program], None),
    };
    argv.splice(0..0, session.image().launcher.iter().cloned());
    argv.extend(arguments);
    for argument in &argv {
        no_nul("argument", argument)?;
        if argument.len() > ARGUMENT_MOST {
            let reason = format!("{} bytes are more than the {ARGUMENT_MOST} that Linux takes", argument.len());
            return Err(Error::invalid("argument", reason).with_remedy("pass it by file or standard input"));
        }
    }
    Ok((argv.into_iter().map(OsString::into_vec).collect(), source))
}

fn check_source(source: &[u8]) -> Result<(), Error> {
    let invalid = |reason: String, remedy: &str| Err(Error::invalid("code", reason).with_remedy(remedy));
    if source.trim_ascii().is_empty() {
        return invalid("it is empty".to_owned(), "give a program to run");
    }
    if source.len() > SOURCE_MOST {
        let reason = format!("{} bytes are more than the {SOURCE_MOST} allowed", source.len());
        return invalid(reason, "upload large data as files and read them");
    }
    if let Err(error) = std::str::from_utf8(source) {
        let reason = format!("it is not UTF-8 at offset {}", error.valid_up_to());
        return invalid(reason, "encode the program as UTF-8");
    }
    match source.iter().position(|byte| *byte == 0) {
        Some(at) => invalid(format!("there is a NUL byte at offset {at}"), "leave it out"),
        None => Ok(()),
    }
}

type Variables = Vec<(Vec<u8>, Vec<u8>)>;

/// The whole environment of a run, built from nothing but what the image gives; the caller's values stand over ours.
fn environment(session: &Session, given: Vec<(OsString, OsString)>) -> Result<Variables, Error> {
    let image = session.image().environment.iter().cloned();
    let mut ours: Vec<(OsString, OsString)> = vec![
        ("PATH".into(), search_path(session)),
        ("HOME".into(), session.defaults().home.clone().into()),
        ("USER".into(), "sandbox".into()),
    ];
    if let Some(temporary) = &session.defaults().temporary {
        ours.push(("TMPDIR".into(), temporary.into()));
    }
    let recipe = session.language().recipe().environment.iter();
    ours.extend(recipe.map(|(name, value)| ((*name).into(), (*value).into())));
    let mut environment: Vec<(OsString, OsString)> = vec![("LANG".into(), "C.UTF-8".into())];
    for (name, value) in image.chain(ours).chain(session.defaults().environment.iter().cloned()).chain(given) {
        variable(&name, &value)?;
        environment.retain(|(known, _)| *known != name);
        environment.push((name, value));
    }
    Ok(environment.into_iter().map(|(name, value)| (name.into_vec(), value.into_vec())).collect())
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
    match session.program().parent().filter(|parent| parent.is_absolute() && !is_in(&path, parent)) {
        Some(parent) => [parent.as_os_str(), ":".as_ref(), &path].into_iter().collect(),
        None => path,
    }
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
