//! The side that has the session: lets clients in and answers them.

use std::{io, sync::Arc, time::Duration};

use serde::Serialize;
use tokio::{
    io::{AsyncReadExt, BufReader},
    net::{UnixListener, UnixStream, unix::SocketAddr},
    task::JoinSet,
    time::timeout,
};

use super::{
    forms::{Answer, REQUEST_MOST, Told, Want},
    line, relay,
    socket::SocketFile,
};
use crate::{
    Error,
    connection::Pulse,
    session::{DESTROY_PATIENCE, WeakSession},
};

/// How many clients are served at once; more have to wait.
const CLIENTS_MOST: usize = 64;

/// How long a client may take to say what it wants.
const REQUEST: Duration = Duration::from_secs(10);

/// How long it may take nothing of an answer.
const STALL: Duration = Duration::from_secs(60);

/// How long nobody is let in where the system cannot.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until the session is over.
pub(super) async fn serve(session: WeakSession, pulse: Pulse, listener: UnixListener, file: Arc<SocketFile>) {
    let mut clients = JoinSet::new();
    let mut listener = Some(listener);
    // Once it is shared no more, those who are attached stay.
    while listener.is_some() || !clients.is_empty() {
        tokio::select! {
            biased;
            _ = pulse.over() => break,
            () = file.removed(), if listener.is_some() => listener = None,
            Some(_) = clients.join_next() => {}
            accepted = accept(listener.as_ref()), if clients.len() < CLIENTS_MOST => match accepted {
                Ok((stream, _)) if is_welcome(&stream, file.user) => {
                    clients.spawn(answer(session.clone(), pulse.clone(), stream));
                }
                Ok(_) => {}
                Err(_) => tokio::time::sleep(PAUSE).await,
            },
        }
    }
    file.remove();
    drop(listener);
    // Each is told why, and whoever closed it waits until that is done.
    let _ = timeout(DESTROY_PATIENCE, async { while clients.join_next().await.is_some() {} }).await;
}

/// The next client; none where nobody is let in any more.
async fn accept(listener: Option<&UnixListener>) -> io::Result<(UnixStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}

/// Whether it is of the user who made the socket, or of root. Its mode says the same where the system heeds it.
fn is_welcome(stream: &UnixStream, user: u32) -> bool {
    stream.peer_cred().is_ok_and(|peer| peer.uid() == user || peer.uid() == 0)
}

async fn answer(session: WeakSession, pulse: Pulse, stream: UnixStream) {
    let mut stream = BufReader::new(stream);
    let mut line = Vec::new();
    match timeout(REQUEST, line::read(&mut stream, &mut line, REQUEST_MOST)).await {
        Ok(Ok(true)) => {}
        // Whoever says nothing whole wants nothing.
        _ => return,
    }
    // A client that has gone needs no answer.
    let _ = match serde_json::from_slice(&line) {
        Ok(want) => Asked { session, pulse, stream }.serve(want).await,
        Err(error) => {
            let refused = Error::invalid("request", error.to_string());
            reply::<()>(&mut stream, Err(refused)).await
        }
    };
}

async fn reply<T: Serialize>(stream: &mut BufReader<UnixStream>, result: Result<T, Error>) -> io::Result<()> {
    let answer = match result {
        Ok(answer) => Answer::Ok(answer),
        Err(error) => Answer::Error(Told::from(&error)),
    };
    timeout(STALL, line::write(stream, &answer)).await?
}

/// A client that has said what it wants.
struct Asked {
    session: WeakSession,
    pulse: Pulse,
    stream: BufReader<UnixStream>,
}

impl Asked {
    async fn serve(mut self, want: Want) -> io::Result<()> {
        let Some(session) = self.session.upgrade() else { return self.reply::<()>(Err(Error::Closed)).await };
        if let Err(error) = session.connection() {
            return self.reply::<()>(Err(error)).await;
        }
        let runs = Arc::clone(session.all_runs());
        match want {
            Want::Info => self.reply(Ok(session.own_info())).await,
            Want::Runs => self.reply(Ok(runs.list())).await,
            Want::Extend { seconds } => self.reply(session.extend(seconds).await).await,
            Want::Close => {
                // Closing ends whoever serves; it must not be cut short by that.
                let closing = tokio::spawn(async move { session.close().await });
                let closed = closing.await.unwrap_or(Err(Error::Closed));
                self.reply(closed).await
            }
            Want::Session => {
                self.reply(Ok(session.offer())).await?;
                let features = session.connection().map_or(0, |connection| connection.features());
                drop(session);
                relay::relay(self.session, self.pulse, features, self.stream).await;
                Ok(())
            }
            // What waits must not keep the session open.
            Want::Stop { run } => {
                drop(session);
                let stopped = runs.stop(run, &self.pulse).await;
                self.reply(stopped).await
            }
            Want::Take { run } => {
                drop(session);
                let taken = tokio::select! {
                    taken = runs.await_result(run, &self.pulse) => taken,
                    // It wants the result no more.
                    _ = self.stream.read_u8() => return Ok(()),
                };
                self.reply(taken).await
            }
            Want::Watch => {
                let mut watch = session.own_watch(self.pulse.clone());
                drop(session);
                self.reply(Ok(())).await?;
                loop {
                    tokio::select! {
                        event = watch.next_event() => match event {
                            Some(event) => timeout(STALL, line::write(&mut self.stream, &event)).await??,
                            None => return Ok(()),
                        },
                        _ = self.stream.read_u8() => return Ok(()),
                    }
                }
            }
        }
    }

    async fn reply<T: Serialize>(&mut self, result: Result<T, Error>) -> io::Result<()> {
        reply(&mut self.stream, result).await
    }
}
