//! An address at which an engine may listen.

use std::{
    fmt,
    net::Ipv6Addr,
    path::{Path, PathBuf},
};

use llm_sandbox_core::Error;

use super::tls::TlsFiles;

/// The ports that Docker listens on, without and with TLS.
const PORTS: (u16, u16) = (2375, 2376);

/// How one connects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Unix(PathBuf),
    /// A host, without brackets, and a port.
    Tcp(String, u16),
}

/// Where an engine may listen, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) target: Target,
    pub(super) tls: Option<TlsFiles>,
    /// What named it, unless it is where engines usually are.
    pub(super) named_by: Option<String>,
}

impl Place {
    pub(super) fn socket(path: impl Into<PathBuf>) -> Self {
        Self { target: Target::Unix(path.into()), tls: None, named_by: None }
    }

    /// Reads an address: `unix:///path`, `tcp://host[:port]`, `http://` for the latter, and `https://` for it with TLS.
    ///
    /// `named_by` is what an error names.
    pub(super) fn parse(address: &str, tls: Option<TlsFiles>, named_by: &str) -> Result<Self, Error> {
        let unusable = |reason: &str| {
            Error::invalid(named_by, format!("the address {address:?} {reason}"))
                .with_remedy("name unix:///path/to/the/socket or tcp://host:port")
        };
        let (scheme, rest) = address.split_once("://").ok_or_else(|| unusable("has no scheme"))?;
        let target = match scheme {
            "unix" if tls.is_some() => return Err(unusable("is a socket, which takes no TLS")),
            "unix" if Path::new(rest).is_absolute() => Target::Unix(rest.into()),
            "unix" => return Err(unusable("is no absolute path")),
            "https" if tls.is_none() => return Err(unusable("needs certificates for TLS")),
            "tcp" | "http" | "https" => {
                let usual = if tls.is_some() { PORTS.1 } else { PORTS.0 };
                let (host, port) = host_and_port(rest).ok_or_else(|| unusable("is no host and port"))?;
                Target::Tcp(host.to_owned(), port.unwrap_or(usual))
            }
            "ssh" => return Err(over_ssh(address, named_by)),
            _ => return Err(unusable("has a scheme that is not known")),
        };
        Ok(Self { target, tls, named_by: Some(named_by.to_owned()) })
    }

    /// What requests are addressed to.
    pub(super) fn authority(&self) -> String {
        match &self.target {
            Target::Unix(_) => "localhost".to_owned(),
            Target::Tcp(host, port) if host.contains(':') => format!("[{host}]:{port}"),
            Target::Tcp(host, port) => format!("{host}:{port}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.target {
            Target::Unix(path) => write!(formatter, "unix://{}", path.display())?,
            Target::Tcp(..) => write!(formatter, "tcp://{}", self.authority())?,
        }
        match &self.named_by {
            Some(name) => write!(formatter, " ({name})"),
            None => Ok(()),
        }
    }
}

fn host_and_port(text: &str) -> Option<(&str, Option<u16>)> {
    let text = text.strip_suffix('/').unwrap_or(text);
    let (host, port) = match text.strip_prefix('[') {
        Some(text) => {
            let (host, port) = text.split_once(']')?;
            host.parse::<Ipv6Addr>().ok()?;
            (host, if port.is_empty() { None } else { Some(port.strip_prefix(':')?) })
        }
        None => {
            let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
            (Some(host).filter(|host| !host.is_empty() && host.bytes().all(is_name))?, port)
        }
    };
    let port = port.map(|port| port.parse().ok().filter(|port| *port > 0).ok_or(())).transpose().ok()?;
    Some((host, port))
}

fn over_ssh(address: &str, named_by: &str) -> Error {
    let host: &str = address.trim_start_matches("ssh://").split('/').next().unwrap_or_default();
    Error::Unsupported {
        operation: format!("{address}, the address in {named_by},"),
        reason: "engines are not reached over ssh".to_owned(),
        remedy: Some(format!(
            "forward the engine's socket (ssh -nNT -L /tmp/engine.sock:/var/run/docker.sock {host}) and name \
             unix:///tmp/engine.sock"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(address: &str) -> Result<Target, Error> {
        Place::parse(address, None, "DOCKER_HOST").map(|place| place.target)
    }

    #[test]
    fn sockets_and_hosts_are_read() {
        assert_eq!(parsed("unix:///run/a.sock").expect("valid"), Target::Unix("/run/a.sock".into()));
        let hosts = [
            ("tcp://host:2375", "host", 2375),
            ("tcp://host", "host", 2375),
            ("tcp://127.0.0.1:1/", "127.0.0.1", 1),
            ("http://host_1.example:80", "host_1.example", 80),
            ("tcp://[::1]:7", "::1", 7),
            ("tcp://[fe80::1]", "fe80::1", 2375),
        ];
        for (address, host, port) in hosts {
            assert_eq!(parsed(address).expect(address), Target::Tcp(host.to_owned(), port));
        }
        let tls = Some(TlsFiles::default());
        let secure = Place::parse("tcp://host", tls, "it").expect("valid");
        assert_eq!(secure.target, Target::Tcp("host".to_owned(), 2376));
    }

    #[test]
    fn what_is_no_address_is_named() {
        let wrong = [
            "",
            "host",
            "unix://",
            "unix://relative",
            "tcp://",
            "tcp://:1",
            "tcp://a:0",
            "tcp://a:b",
            "tcp://a:65536",
            "tcp://a:1/path",
            "tcp://user@a:1",
            "tcp://a b",
            "tcp://[x]:1",
            "tcp://[::1]1",
            "npipe:////./pipe/x",
            "https://a:1",
        ];
        for address in wrong {
            let error = parsed(address).expect_err(address);
            assert!(matches!(error, Error::InvalidInput { .. }), "{error:?}");
            assert!(error.to_string().starts_with("DOCKER_HOST: "), "{error}");
            assert!(error.hint().is_some());
        }
    }

    #[test]
    fn ssh_is_refused_with_the_way_around_it() {
        let error = parsed("ssh://me@far:22/run/x.sock").expect_err("it is ssh");
        assert!(matches!(error, Error::Unsupported { .. }), "{error:?}");
        assert!(
            error.hint().is_some_and(|hint| hint.contains("ssh -nNT -L") && hint.contains("me@far:22")),
            "{error:?}"
        );
    }
}
