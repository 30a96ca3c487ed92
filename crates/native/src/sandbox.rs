use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::net::UnixStream as StdStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use llm_sandbox_core::{
    Assurance, Backend, BoxFuture, Capabilities, Created, Error, ImageDefaults, InterpreterOrigin, Isolation, Sandbox,
    SandboxSpec, Step, Strength,
};
use llm_sandbox_protocol::{JailFailure, JailGuarantee, JailReady, JailReport};
use tokio::net::UnixStream;
use tokio::sync::Mutex;

use crate::blocked::HostFacts;
use crate::control::Control;
use crate::spec::jail_spec;
use crate::supervisor::Started;
use crate::{exhausted, gate, stock, supervisor};

const NAME: &str = "native";

/// How long the agent's last words are waited for.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The backend that jails on this very host.
///
/// As root it gives each sandbox users of its own; as an ordinary user it shares that user's. Limits are held by control
/// groups of either version where they can be had; the sandbox's capabilities say what holds.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct Native;

impl Native {
    /// The backend; nothing is started yet.
    pub fn new() -> Self {
        Self
    }
}

impl Backend for Native {
    fn name(&self) -> &'static str {
        NAME
    }

    fn interpreters(&self) -> InterpreterOrigin {
        InterpreterOrigin::Host
    }

    fn create<'a>(&'a self, spec: &'a SandboxSpec) -> BoxFuture<'a, Result<Created, Error>> {
        Box::pin(create(spec))
    }
}

async fn create(spec: &SandboxSpec) -> Result<Created, Error> {
    let _turn = gate::turn().await;
    let ahead = if spec.isolation == Isolation::Full { stock::take() } else { None };
    if let Some(ahead) = ahead
        && let Some(created) = build(ahead, spec).await?
    {
        return Ok(created);
    }
    // Where this process has given something away since, that one has left, and then the fork server does.
    for _ in 0..2 {
        let started = Started::start(spec.isolation).map_err(|error| failure("start the supervisor", &error))?;
        let server = Arc::clone(&started.server);
        match build(started, spec).await? {
            Some(created) => return Ok(created),
            None if server.has_gone() => {}
            None => break,
        }
    }
    Err(ended_early())
}

fn ended_early() -> Error {
    Error::backend(NAME, "build the jail", "the supervisor ended before the jail stood")
}

/// Has a supervisor make its jail this sandbox; `None` where it ends without a word.
async fn build(started: Started, spec: &SandboxSpec) -> Result<Option<Created>, Error> {
    let failed = |step: &'static str| move |error: io::Error| failure(step, &error);
    let Started { pipe, control, server: _ } = started;
    let mut control = Control::new(to_tokio(control).map_err(failed("watch the control stream"))?);
    let pipe = to_tokio(pipe).map_err(failed("watch the agent's pipe"))?;
    match control.send(&jail_spec(spec)).await {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        other => other.map_err(failed("send the spec"))?,
    }
    match control.report().await.map_err(failed("hear from the supervisor"))? {
        Some(JailReport::Ready(ready)) => {
            let state = Mutex::new(State { control, words: None, left: None, is_destroyed: false });
            let JailReady { steps, guarantees, root } = ready;
            let root = root.map(|root| PathBuf::from(OsString::from_vec(root)));
            let steps = steps.into_iter().map(step).collect();
            let assurances = guarantees.into_iter().filter_map(assurance).collect();
            let capabilities = Capabilities { assurances };
            let (stream, sandbox) = (Box::new(pipe), Box::new(Jail { state }));
            Ok(Some(Created { stream, sandbox, steps, capabilities, root, image: ImageDefaults::default() }))
        }
        Some(JailReport::Failed(failure)) => {
            // It removes what it had made before it hangs up.
            while let Ok(Some(_)) = control.report().await {}
            has_ended(&mut control).await?;
            Err(refused(failure))
        }
        _ => Ok(None),
    }
}

/// Waits for the end of a supervisor that has said its last.
async fn has_ended(control: &mut Control) -> Result<(), Error> {
    let Some(process) = control.take_process() else { return Ok(()) };
    supervisor::ended(process).await.map_err(|error| failure("wait for the supervisor", &error))
}

fn to_tokio(stream: StdStream) -> io::Result<UnixStream> {
    stream.set_nonblocking(true)?;
    UnixStream::from_std(stream)
}

fn failure(step: &str, error: &io::Error) -> Error {
    exhausted::explain(error.raw_os_error()).unwrap_or_else(|| Error::backend(NAME, step, error.to_string()))
}

fn refused(mut failure: JailFailure) -> Error {
    if let Some(error) = exhausted::explain(failure.error) {
        return error;
    }
    if NAMESPACE_STEPS.contains(&failure.step.as_str()) {
        if let Some((reason, remedy)) = HostFacts::gather().explain() {
            failure.detail = format!("{}: {reason}", failure.detail);
            failure.remedy = Some(remedy.to_owned());
        }
        let remedy = failure.remedy.as_deref().unwrap_or("allow user namespaces on this host");
        failure.remedy = Some(format!("{remedy}; or ask for less by name (isolation, --isolation without-namespaces)"));
    }
    let error = Error::backend(NAME, failure.step, failure.detail);
    match failure.remedy {
        Some(remedy) => error.with_remedy(remedy),
        None => error,
    }
}

/// Steps of the supervisor that fail where namespaces are forbidden.
const NAMESPACE_STEPS: [&str; 2] = ["enter a user namespace", "start the jail's first process"];

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A guarantee that this side knows by name.
fn assurance(told: JailGuarantee) -> Option<Assurance> {
    let JailGuarantee { name, strength, form, remedy } = told;
    let strength = match strength {
        2 => Strength::Enforced,
        1 => Strength::BestEffort,
        _ => Strength::Absent,
    };
    Some(Assurance { guarantee: name.parse().ok()?, strength, form, remedy })
}

fn step((name, nanoseconds): (Vec<u8>, Vec<u8>)) -> Step {
    let nanoseconds = nanoseconds.try_into().map_or(0, u64::from_le_bytes);
    Step { name: text(name), duration: Duration::from_nanos(nanoseconds) }
}

/// One jail, seen from the host process.
struct Jail {
    state: Mutex<State>,
}

struct State {
    control: Control,
    words: Option<String>,
    left: Option<String>,
    is_destroyed: bool,
}

impl Sandbox for Jail {
    fn destroy(&self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async {
            let mut state = self.state.lock().await;
            if state.is_destroyed {
                return Ok(());
            }
            // Where the supervisor has ended by itself there is nobody to hear it.
            let _ = state.control.hang_up().await;
            state.hear_out().await;
            has_ended(&mut state.control).await?;
            state.is_destroyed = true;
            match state.left.take() {
                None => Ok(()),
                Some(left) => Err(Error::backend(NAME, "remove the sandbox's directory", left)
                    .with_remedy("remove it by hand once what stands in the way is gone")),
            }
        })
    }

    fn last_words(&self) -> BoxFuture<'_, Option<String>> {
        Box::pin(async {
            let mut state = self.state.lock().await;
            // The jail's end comes before the supervisor's word of it.
            let _ = tokio::time::timeout(LAST_WORDS, state.hear_out()).await;
            state.words.clone()
        })
    }
}

impl State {
    /// Reads what the supervisor still has to say, to its end.
    async fn hear_out(&mut self) {
        while let Ok(Some(report)) = self.control.report().await {
            match report {
                JailReport::Gone(words) => self.words = Some(words).filter(|words| !words.is_empty()),
                JailReport::Left(left) => self.left = Some(left),
                _ => {}
            }
        }
    }
}
