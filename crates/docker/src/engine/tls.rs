//! TLS to an engine: by files of certificates, as Docker's own client.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio_rustls::rustls::{
    ClientConfig, DigitallySignedStruct, Error as TlsError, RootCertStore, SignatureScheme,
    client::{
        Resumption,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
};

/// The certificates of a connection over TLS, as paths of PEM files. They are read anew for every connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The authorities that the engine's certificate must come from. Needed where that is verified; those of the system
    /// are not asked.
    pub ca: Option<PathBuf>,
    /// The certificate to show to the engine; needs `key`.
    pub certificate: Option<PathBuf>,
    /// The private key of `certificate`, unencrypted.
    pub key: Option<PathBuf>,
    /// Whether the engine's certificate must be valid for its address. Without it whoever is in between can be the engine.
    pub verify: bool,
}

impl Default for TlsFiles {
    /// No files, verified.
    fn default() -> Self {
        Self { ca: None, certificate: None, key: None, verify: true }
    }
}

impl TlsFiles {
    /// Those of `ca.pem`, `cert.pem` and `key.pem` that are in this directory, verified.
    pub fn in_directory(directory: impl AsRef<Path>) -> Self {
        let present = |name| Some(directory.as_ref().join(name)).filter(|path| path.exists());
        Self { ca: present("ca.pem"), certificate: present("cert.pem"), key: present("key.pem"), verify: true }
    }

    /// Reads the files. What is wrong is said in words.
    pub(super) fn configuration(&self) -> Result<Arc<ClientConfig>, String> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_safe_default_protocol_versions().map_err(|error| error.to_string())?;
        let builder = if self.verify {
            builder.with_root_certificates(self.authorities()?)
        } else {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(AnyServer(provider)))
        };
        let mut configuration = match (&self.certificate, &self.key) {
            (None, None) => builder.with_no_client_auth(),
            (Some(certificate), Some(key)) => {
                let private = PrivateKeyDer::from_pem_file(key)
                    .map_err(|error| format!("the key {} cannot be used: {error}", key.display()))?;
                builder.with_client_auth_cert(certificates(certificate)?, private).map_err(|error| {
                    format!("{} and {} do not go together: {error}", certificate.display(), key.display())
                })?
            }
            (Some(alone), None) => return Err(format!("the certificate {} has no key", alone.display())),
            (None, Some(alone)) => return Err(format!("the key {} has no certificate", alone.display())),
        };
        // It saves little, and servers that ask for certificates without naming their sessions break it off.
        configuration.resumption = Resumption::disabled();
        Ok(Arc::new(configuration))
    }

    fn authorities(&self) -> Result<RootCertStore, String> {
        let path = self.ca.as_ref().ok_or("no authority (ca.pem) is named to verify the engine by")?;
        let mut store = RootCertStore::empty();
        for certificate in certificates(path)? {
            store.add(certificate).map_err(|error| format!("{} cannot be used: {error}", path.display()))?;
        }
        Ok(store)
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let read = || CertificateDer::pem_file_iter(path)?.collect::<Result<Vec<_>, _>>();
    let found = read().map_err(|error| format!("{} cannot be used: {error}", path.display()))?;
    if found.is_empty() { Err(format!("{} holds no certificate", path.display())) } else { Ok(found) }
}

/// Takes any certificate, as long as the other side has its key.
#[derive(Debug)]
struct AnyServer(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _chain: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
