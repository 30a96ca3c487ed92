use std::{
    collections::{HashMap, VecDeque},
    io::{self, BufWriter, Write},
    sync::Arc,
    time::Duration,
};

use bollard::{
    Docker as Client, body_try_stream, errors::Error as EngineError, models::BuildInfo,
    query_parameters::BuildImageOptionsBuilder,
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use llm_sandbox_core::Error;
use tokio::{sync::mpsc, task::spawn_blocking};

use super::{
    context::{Context, Unreadable},
    credentials::Keyring,
    dockerfile::Dockerfile,
    header,
    progress::{ImageAction, Listener, Teller},
};
use crate::{
    Engine,
    trouble::{self, is_missing, words},
};

/// The repository of the images that are built here; their tags are made of what they are built of.
const REPOSITORY: &str = "llm-sandbox-build";

/// The label by which such images are known.
const LABEL: &str = "io.github.llm-sandbox.template";

/// How long the engine may take with the context before it says its first word.
const FIRST_WORD: Duration = Duration::from_secs(3600);

/// The size of a piece of the archive, in bytes, and how many may wait for the engine.
const PIECE: usize = 64 << 10;
const AHEAD: usize = 8;

/// How many of a build's last lines are kept for its error.
const LAST_LINES: usize = 20;

/// What an image is to be built of, looked at and not sent.
#[derive(Debug)]
pub(super) struct Plan {
    dockerfile: Dockerfile,
    context: Arc<Context>,
    digest: String,
    /// Of the archive.
    bytes: u64,
}

impl Plan {
    /// Looks at everything that the image is to be built of.
    pub(super) async fn make(dockerfile: Dockerfile) -> Result<Self, Error> {
        let looked = spawn_blocking(move || {
            let context = Context::read(&dockerfile.directory, dockerfile.name.as_bytes()).map_err(unreadable)?;
            let mut counter = Counter::default();
            let digest = context.write(&mut counter).map_err(unreadable)?;
            Ok(Self { context: Arc::new(context), digest, bytes: counter.0, dockerfile })
        });
        looked.await.unwrap_or_else(|error| Err(Error::invalid("dockerfile", error.to_string())))
    }

    /// The image's name: the same for the same content.
    pub(super) fn name(&self) -> String {
        format!("{REPOSITORY}:{}", &self.digest[..32])
    }

    /// Builds it. Where the future is dropped the engine gives up on it.
    pub(super) async fn build(&self, engine: Engine, client: &Client, listener: &Listener) -> Result<(), Error> {
        let credentials = Keyring::open(engine)?.credentials_of_all(&self.dockerfile.bases).await?;
        let image = self.dockerfile.path.display().to_string();
        let (pieces, archive) = mpsc::channel(AHEAD);
        let sending = self.send(pieces, listener.about(&image, ImageAction::Send));
        let options = BuildImageOptionsBuilder::default()
            .dockerfile(&self.dockerfile.name)
            .t(&self.name())
            .labels(&HashMap::from([(LABEL, self.digest.as_str())]))
            .rm(true)
            .forcerm(true)
            .build();
        let client = header::corrected(client.clone()).with_timeout(FIRST_WORD);
        let credentials = Some(credentials).filter(|all| !all.is_empty());
        let steps = client.build_image(options, credentials, Some(body_try_stream(pieces_of(archive))));
        let built = self.follow(steps, listener.about(&image, ImageAction::Build)).await;
        // Whoever sends stops by itself once nobody takes.
        let sent = sending.await.unwrap_or_else(|error| Err(Error::invalid("dockerfile", error.to_string())));
        match (sent, built) {
            (Err(error), _) => Err(error),
            (Ok(_), Err(error)) => Err(error),
            (Ok(Some(digest)), Ok(())) if digest != self.digest => {
                Err(self.failed(None, "what it is built of changed while it was sent".to_owned(), Vec::new()))
            }
            (Ok(_), Ok(())) => self.check(engine, &client).await,
        }
    }

    /// An engine may be done without an image, and without a word.
    async fn check(&self, engine: Engine, client: &Client) -> Result<(), Error> {
        match client.inspect_image(&self.name()).await {
            Ok(_) => Ok(()),
            Err(error) if is_missing(&error) => {
                Err(self.failed(None, "the engine ended it without an image".to_owned(), Vec::new()))
            }
            Err(error) => Err(trouble::failed(engine, "look for the image", &error)),
        }
    }

    /// Writes the archive in a thread of its own: no more of it is in memory than a few pieces. Gives the digest of what
    /// was sent, or nothing where the engine took less than all.
    fn send(
        &self,
        pieces: mpsc::Sender<io::Result<Bytes>>,
        teller: Teller,
    ) -> tokio::task::JoinHandle<Result<Option<String>, Error>> {
        let (context, total) = (Arc::clone(&self.context), self.bytes);
        spawn_blocking(move || {
            let last = pieces.clone();
            let mut archive = BufWriter::with_capacity(PIECE, Pieces { pieces, sent: 0, total, teller });
            let written = context.write(&mut archive).and_then(|digest| match archive.flush() {
                Ok(()) => Ok(digest),
                Err(source) => Err(Unreadable { path: Default::default(), source }),
            });
            match written {
                Ok(digest) => Ok(Some(digest)),
                Err(Unreadable { source, .. }) if source.kind() == io::ErrorKind::BrokenPipe => Ok(None),
                Err(error) => {
                    // Or the engine would build what came so far.
                    let _ = last.blocking_send(Err(io::Error::other("the context cannot be read")));
                    Err(unreadable(error))
                }
            }
        })
    }

    async fn follow(
        &self,
        steps: impl Stream<Item = Result<BuildInfo, EngineError>>,
        teller: Teller,
    ) -> Result<(), Error> {
        let mut steps = std::pin::pin!(steps);
        let (mut step, mut lines) = (None, VecDeque::new());
        while let Some(info) = steps.next().await {
            let info = info.map_err(|error| self.failed(step.take(), words(&error), lines.drain(..).collect()))?;
            if let Some(status) = info.status {
                teller.heard(info.id, info.progress_detail, &status);
            }
            for line in info.stream.iter().flat_map(|text| text.lines()).map(plain) {
                let line = line.trim_end();
                if line.is_empty() {
                    continue;
                }
                teller.tell(None, None, None, line);
                match step_of(line) {
                    Some(begun) => step = Some(begun.to_owned()),
                    None if is_of_engine(line) => {}
                    None => lines.push_back(line.to_owned()),
                }
                if lines.len() > LAST_LINES {
                    lines.pop_front();
                }
            }
        }
        Ok(())
    }

    fn failed(&self, step: Option<String>, reason: String, output: Vec<String>) -> Error {
        let (file, remedy) = (self.dockerfile.path.clone(), "mend the step; the engine's own client builds it just so");
        Error::ImageBuildFailed { file, step, reason, output, remedy: None }.with_remedy(remedy)
    }
}

/// What a line says that begins a step, as `2/3: RUN true`.
fn step_of(line: &str) -> Option<&str> {
    let step = line.strip_prefix("Step ").or_else(|| line.strip_prefix("STEP "))?;
    step.starts_with(|first: char| first.is_ascii_digit()).then_some(step)
}

/// Whether a line is about the engine's own doings rather than of the step.
fn is_of_engine(line: &str) -> bool {
    line.starts_with(" ---> ") || line.starts_with("Removing intermediate container ")
}

/// A line without what colours it or moves the cursor.
fn plain(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line.chars();
    while let Some(next) = rest.next() {
        match next {
            '\u{1b}' => {
                // A sequence: a bracket, numbers, and a letter that ends it.
                if rest.clone().next() == Some('[') {
                    rest.by_ref().skip(1).find(|end| ('@'..='~').contains(end));
                }
            }
            '\t' => plain.push(' '),
            control if control.is_control() => {}
            letter => plain.push(letter),
        }
    }
    plain
}

fn unreadable(Unreadable { path, source }: Unreadable) -> Error {
    Error::HostFile { operation: "read", path, source }
}

fn pieces_of(received: mpsc::Receiver<io::Result<Bytes>>) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::unfold(received, |mut received| async move { received.recv().await.map(|piece| (piece, received)) })
}

/// Counts bytes and forgets them.
#[derive(Default)]
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Hands what is written over to whoever sends it, and waits for room.
struct Pieces {
    pieces: mpsc::Sender<io::Result<Bytes>>,
    sent: u64,
    total: u64,
    teller: Teller,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = Bytes::copy_from_slice(&bytes[..bytes.len().min(PIECE)]);
        let size = piece.len();
        self.pieces.blocking_send(Ok(piece)).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        self.sent += size as u64;
        self.teller.tell(None, Some(self.sent), Some(self.total), "");
        Ok(size)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_told_from_what_they_print() {
        assert_eq!(step_of("Step 2/3 : RUN true"), Some("2/3 : RUN true"));
        assert_eq!(step_of("STEP 2/3: RUN true"), Some("2/3: RUN true"));
        assert_eq!((step_of("Step by step"), step_of("2/3")), (None, None));
    }

    #[test]
    fn lines_are_plain() {
        assert_eq!(plain("\u{1b}[91mtwo\u{1b}[0m\tx\u{7}"), "two x");
        assert_eq!(plain("\u{1b}[1;32"), "");
        assert_eq!(plain("\u{1b}é"), "é");
    }
}
