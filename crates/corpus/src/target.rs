use std::{
    io,
    net::{Ipv4Addr, TcpListener, UdpSocket},
    os::{
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr, UnixListener},
    },
    path::PathBuf,
};

/// What on the host a program aims at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Nothing that has to be put there.
    Nothing,
    /// A port of the host's loopback interface.
    LoopbackPort,
    /// A port of the host's outward address.
    OutwardPort,
    /// A unix socket in the host's temporary directory.
    UnixSocket,
    /// A unix socket without a file.
    AbstractSocket,
    /// A file in the host's temporary directory.
    File,
    /// The host's name.
    HostName,
}

/// A target that was put up; it goes when this is dropped.
#[derive(Debug)]
pub struct Aim {
    /// How a program finds it.
    pub address: String,
    path: Option<PathBuf>,
    _sockets: Sockets,
}

#[derive(Debug, Default)]
struct Sockets {
    _tcp: Option<TcpListener>,
    _udp: Option<UdpSocket>,
    _unix: Option<UnixListener>,
}

impl Target {
    /// Puts the target up on this host.
    ///
    /// # Errors
    ///
    /// Where the host lets no such thing be made.
    pub fn put_up(self) -> io::Result<Aim> {
        let mut sockets = Sockets::default();
        let mut path = None;
        let address = match self {
            Self::Nothing => String::new(),
            Self::LoopbackPort => listen(Ipv4Addr::LOCALHOST, &mut sockets)?,
            Self::OutwardPort => listen(outward().unwrap_or(Ipv4Addr::LOCALHOST), &mut sockets)?,
            Self::UnixSocket => {
                let file = path.insert(temporary("socket"));
                sockets._unix = Some(UnixListener::bind(&*file)?);
                file.display().to_string()
            }
            Self::AbstractSocket => {
                let name = format!("llm-sandbox-corpus-{}", unique());
                let address = SocketAddr::from_abstract_name(&name)?;
                sockets._unix = Some(UnixListener::bind_addr(&address)?);
                name
            }
            Self::File => {
                let file = path.insert(temporary("file"));
                std::fs::write(&*file, "the host's secret\n")?;
                file.display().to_string()
            }
            Self::HostName => std::fs::read_to_string("/proc/sys/kernel/hostname")?.trim().to_owned(),
        };
        Ok(Aim { address, path, _sockets: sockets })
    }
}

impl Drop for Aim {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // Somebody may have cleaned up already.
            let _ = std::fs::remove_file(path);
        }
    }
}

fn listen(address: Ipv4Addr, sockets: &mut Sockets) -> io::Result<String> {
    let tcp = TcpListener::bind((address, 0))?;
    let port = tcp.local_addr()?.port();
    sockets._udp = UdpSocket::bind((address, port)).ok();
    sockets._tcp = Some(tcp);
    Ok(format!("{address}:{port}"))
}

/// The address that this host has towards others; nothing is sent to find it.
fn outward() -> Option<Ipv4Addr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    match socket.local_addr().ok()?.ip() {
        std::net::IpAddr::V4(address) => Some(address),
        std::net::IpAddr::V6(_) => None,
    }
}

fn temporary(what: &str) -> PathBuf {
    std::env::temp_dir().join(format!("llm-sandbox-corpus-{}-{what}", unique()))
}

fn unique() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}
