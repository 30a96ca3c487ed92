//! A way to a registry on which bytes stop coming.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use tokio::sync::mpsc;

/// Passes so many bytes on from a registry, all connections together, and no more.
pub(super) struct Stalling {
    pub(super) port: u16,
    shared: Arc<Shared>,
    stalled: mpsc::Receiver<()>,
    left: mpsc::Receiver<()>,
}

struct Shared {
    room: AtomicUsize,
    is_broken: AtomicBool,
    connections: Mutex<Vec<TcpStream>>,
}

impl Stalling {
    pub(super) fn before(registry: u16, room: usize) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("it is bound").port();
        let shared = Shared { room: room.into(), is_broken: false.into(), connections: Mutex::default() };
        let shared = Arc::new(shared);
        let ((tell_stalled, stalled), (tell_left, left)) = (mpsc::channel(64), mpsc::channel(64));
        let passing = Arc::clone(&shared);
        thread::spawn(move || {
            for engine in listener.incoming() {
                let engine = engine.expect("a connection");
                if passing.is_broken.load(Ordering::SeqCst) {
                    break;
                }
                let registry = TcpStream::connect((Ipv4Addr::LOCALHOST, registry)).expect("the registry listens");
                let mut kept = passing.connections.lock().expect("nobody panicked");
                kept.extend([&engine, &registry].map(|stream| stream.try_clone().expect("a descriptor")));
                drop(kept);
                let (shared, stalled, left) = (Arc::clone(&passing), tell_stalled.clone(), tell_left.clone());
                let (from, to) =
                    (registry.try_clone().expect("a descriptor"), engine.try_clone().expect("a descriptor"));
                thread::spawn(move || pass_some(from, to, &shared, &stalled));
                thread::spawn(move || pass_all(engine, registry, &left));
            }
        });
        Self { port, shared, stalled, left }
    }

    /// Waits until no more is passed on.
    pub(super) async fn stalled(&mut self) {
        self.stalled.recv().await.expect("it goes on");
    }

    /// Waits until the engine has closed a connection.
    pub(super) async fn left(&mut self) {
        self.left.recv().await.expect("it goes on");
    }

    /// Ends all connections, and takes no more.
    pub(super) fn break_off(&self) {
        self.shared.is_broken.store(true, Ordering::SeqCst);
        for connection in self.shared.connections.lock().expect("nobody panicked").drain(..) {
            // It may be over.
            let _ = connection.shutdown(Shutdown::Both);
        }
        // The listener waits for somebody.
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
    }
}

fn pass_some(mut from: TcpStream, mut to: TcpStream, shared: &Shared, stalled: &mpsc::Sender<()>) {
    let mut piece = vec![0; 16 << 10];
    while let Ok(read @ 1..) = from.read(&mut piece) {
        let took = shared.room.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |room| room.checked_sub(read));
        if took.is_err() {
            let _ = stalled.try_send(());
            return;
        }
        if to.write_all(&piece[..read]).is_err() {
            return;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

fn pass_all(mut from: TcpStream, mut to: TcpStream, left: &mpsc::Sender<()>) {
    // However it ends, it ends.
    let _ = std::io::copy(&mut from, &mut to);
    let _ = left.try_send(());
}
