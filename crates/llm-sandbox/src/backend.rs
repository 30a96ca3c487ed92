use std::sync::Arc;

use llm_sandbox_docker::{Docker, Engine};

use crate::{Backend, Error};

/// The names of the backends of this build, the default first.
pub const BACKENDS: &[&str] = if cfg!(target_os = "linux") {
    &["native", "docker", "podman", "micromamba"]
} else {
    &["docker", "podman", "micromamba"]
};

/// The environment of micromamba's that programs run in unless another is named.
const MICROMAMBA_ENVIRONMENT: &str = "base";

/// The backend of this name.
///
/// # Errors
///
/// [`Error::InvalidInput`] for a name that is none here; its hint says which there are.
pub fn backend(name: &str) -> Result<Arc<dyn Backend>, Error> {
    match name {
        #[cfg(target_os = "linux")]
        "native" => Ok(Arc::new(llm_sandbox_native::Native::new())),
        #[cfg(not(target_os = "linux"))]
        "native" => Err(Error::Unsupported {
            operation: "the native backend".to_owned(),
            reason: "it needs Linux".to_owned(),
            remedy: None,
        }),
        "docker" => Ok(Arc::new(Docker::new(Engine::Docker))),
        "podman" => Ok(Arc::new(Docker::new(Engine::Podman))),
        "micromamba" => Ok(Arc::new(Docker::new(Engine::Docker).micromamba(MICROMAMBA_ENVIRONMENT))),
        _ => {
            let shown: String = name.chars().take(60).collect();
            let remedy = format!("there are: {}", BACKENDS.join(", "));
            Err(Error::invalid("backend", format!("{shown:?} is unknown")).with_remedy(remedy))
        }
    }
}
