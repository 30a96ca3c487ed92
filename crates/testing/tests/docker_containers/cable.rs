//! A socket in front of the engine's own, whose connections can be cut.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use tokio::{
    io::copy_bidirectional,
    net::{UnixListener, UnixStream},
    task::JoinHandle,
};

use crate::support::marker;

/// Where the engine itself listens.
const ENGINE: &str = "/var/run/docker.sock";

pub(crate) struct Cable {
    socket: PathBuf,
    accepting: JoinHandle<()>,
    connections: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Cable {
    pub(crate) fn new() -> Self {
        let socket = std::env::temp_dir().join(marker());
        let listener = UnixListener::bind(&socket).expect("a fresh socket");
        let connections = Arc::default();
        let accepting = tokio::spawn(accept(listener, Arc::clone(&connections)));
        Self { socket, accepting, connections }
    }

    pub(crate) fn address(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    /// Cuts what is connected; who comes later gets through.
    pub(crate) fn cut(&self) {
        self.connections.lock().expect("nobody panics").drain(..).for_each(|connection| connection.abort());
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
        std::fs::remove_file(&self.socket).expect("it is ours");
    }
}

async fn accept(listener: UnixListener, connections: Arc<Mutex<Vec<JoinHandle<()>>>>) {
    while let Ok((mut near, _)) = listener.accept().await {
        let mut far = UnixStream::connect(ENGINE).await.expect("the engine listens");
        let connection = tokio::spawn(async move {
            // Both ends are told by being closed.
            let _ = copy_bidirectional(&mut near, &mut far).await;
        });
        connections.lock().expect("nobody panics").push(connection);
    }
}
