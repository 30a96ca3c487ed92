//! Requests to an engine: one connection each, over a socket, TCP or TLS.

use std::{error::Error as StdError, io, sync::Arc, time::Duration};

use bollard::errors::Error as EngineError;
use bytes::Bytes;
use hyper::{
    Request, Response, StatusCode, Uri,
    body::{Body, Incoming},
    client::conn::http1,
    header::{HOST, HeaderValue},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, UnixStream},
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, pki_types::ServerName},
};

use super::{
    patient::Patient,
    place::{Place, Target},
};

/// How long a connection may take to stand.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long an answer that has begun may be silent.
const SILENCE: Duration = Duration::from_secs(60);

/// How the paths end whose answers last as long as what they tell of.
const LASTING: [&str; 7] = ["/attach", "/build", "/events", "/logs", "/start", "/wait", "/images/create"];

/// The way to an engine.
#[derive(Clone)]
pub(super) struct Transport(Arc<Way>);

struct Way {
    target: Target,
    tls: Option<Arc<ClientConfig>>,
    authority: String,
}

impl Transport {
    /// Nothing is connected to yet, but the certificates are read.
    pub(super) fn to(place: &Place) -> Result<Self, String> {
        let tls = place.tls.as_ref().map(|files| files.configuration()).transpose()?;
        Ok(Self(Arc::new(Way { target: place.target.clone(), tls, authority: place.authority() })))
    }

    /// Sends a request and waits for the head of its answer.
    pub(super) async fn send<B>(&self, request: Request<B>) -> Result<Response<Incoming>, EngineError>
    where
        B: Body<Data = Bytes, Error: Into<Box<dyn StdError + Send + Sync>>> + Send + 'static,
    {
        let connecting = timeout(PATIENCE, self.0.connect()).await;
        let stream = connecting.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
        let lasts = LASTING.iter().any(|end| request.uri().path().ends_with(end));
        let (stream, endless) = Patient::new(stream, SILENCE);
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // It ends with the answer's body, or with the streams that the connection was given up for.
        tokio::spawn(connection.with_upgrades());
        let answer = sender.send_request(self.0.addressed(request)?).await?;
        if lasts && (answer.status().is_success() || answer.status() == StatusCode::SWITCHING_PROTOCOLS) {
            endless.allow();
        }
        Ok(answer)
    }
}

impl Way {
    async fn connect(&self) -> io::Result<Box<dyn Stream>> {
        let (host, port) = match &self.target {
            Target::Unix(path) => return Ok(Box::new(UnixStream::connect(path).await?)),
            Target::Tcp(host, port) => (host, *port),
        };
        let stream = TcpStream::connect((host.as_str(), port)).await?;
        stream.set_nodelay(true)?;
        let Some(tls) = &self.tls else { return Ok(Box::new(stream)) };
        let name = ServerName::try_from(host.clone()).map_err(io::Error::other)?;
        Ok(Box::new(TlsConnector::from(Arc::clone(tls)).connect(name, stream).await?))
    }

    /// The request with its target in the form for servers.
    fn addressed<B>(&self, mut request: Request<B>) -> Result<Request<B>, EngineError> {
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        let uri: Uri = target.parse()?;
        let host = HeaderValue::from_str(&self.authority).map_err(io::Error::other)?;
        *request.uri_mut() = uri;
        request.headers_mut().insert(HOST, host);
        Ok(request)
    }
}

/// A connection of any kind.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}
