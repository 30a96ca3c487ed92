//! A session as it is to be opened.

use std::{collections::BTreeMap, ffi::OsString, path::PathBuf, sync::Arc, time::Duration};

use llm_sandbox::{
    Access, Backend, ContainerOptions, Docker, Engine, Error, Guarantee, Language, Session, SessionBuilder, TlsFiles,
    backend, core::SandboxSpec,
};
use pyo3::prelude::*;

use crate::{
    error::raised,
    pending::Pending,
    policy::Told,
    value::{Bytes, from_python},
};

/// Files of authority, certificate and key, and whether the engine's own certificate is verified.
type Tls = (Option<PathBuf>, Option<PathBuf>, Option<PathBuf>, bool);

/// What may be said of a session. What is absent is as the library has it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Options {
    backend: String,
    lang: String,
    #[pyo3(default)]
    image: Option<String>,
    #[pyo3(default)]
    dockerfile: Option<PathBuf>,
    #[pyo3(default)]
    keep_template: bool,
    #[pyo3(default)]
    container_id: Option<String>,
    /// The environment of micromamba's.
    #[pyo3(default)]
    environment: Option<String>,
    /// The engine's address.
    #[pyo3(default)]
    address: Option<String>,
    #[pyo3(default)]
    tls: Option<Tls>,
    /// Options of the container by the Docker SDK's names.
    #[pyo3(default)]
    container_options: BTreeMap<String, Py<PyAny>>,
    #[pyo3(default)]
    memory_bytes: Option<u64>,
    #[pyo3(default)]
    cpus: Option<f64>,
    #[pyo3(default)]
    processes: Option<u32>,
    #[pyo3(default)]
    disk_bytes: Option<u64>,
    #[pyo3(default)]
    file_size_bytes: Option<u64>,
    #[pyo3(default)]
    open_files: Option<u64>,
    #[pyo3(default)]
    output_bytes: Option<u64>,
    /// In seconds.
    #[pyo3(default)]
    timeout: Option<f64>,
    #[pyo3(default)]
    is_endless: bool,
    #[pyo3(default)]
    cpu_time: Option<f64>,
    #[pyo3(default)]
    idle_timeout: Option<f64>,
    #[pyo3(default)]
    lifetime: Option<f64>,
    #[pyo3(default)]
    env: Vec<(Bytes, Bytes)>,
    #[pyo3(default)]
    workdir: Option<PathBuf>,
    /// Source, target, and whether it may be written.
    #[pyo3(default)]
    mounts: Vec<(PathBuf, PathBuf, bool)>,
    #[pyo3(default)]
    isolation: Option<String>,
    #[pyo3(default)]
    require: Vec<String>,
    #[pyo3(default)]
    accept_weaker: Vec<String>,
    #[pyo3(default)]
    compiler_options: Vec<Bytes>,
    #[pyo3(default)]
    runtime_options: Vec<Bytes>,
    #[pyo3(default)]
    interpreter: Option<PathBuf>,
    #[pyo3(default)]
    labels: BTreeMap<String, String>,
    #[pyo3(default)]
    policy: Option<Told>,
    #[pyo3(default)]
    enforce: bool,
}

impl Options {
    pub(crate) fn into_builder(mut self) -> PyResult<SessionBuilder> {
        let policy = self.policy.take().map(Told::into_policy).transpose()?;
        let options = Python::attach(|py| self.container_options(py))?;
        let built = self.described(&options).map(|builder| options.apply_to(builder));
        let mut builder = built.map_err(|error| Python::attach(|py| raised(py, &error)))?;
        if let Some(policy) = policy {
            builder = builder.policy(policy);
        }
        Ok(if self.enforce { builder.enforce() } else { builder })
    }

    fn container_options(&self, py: Python<'_>) -> PyResult<ContainerOptions> {
        let mut options = ContainerOptions::default();
        for (name, value) in &self.container_options {
            let value = from_python(name, value.bind(py))?;
            options.set(name, &value).map_err(|error| raised(py, &error))?;
        }
        Ok(options)
    }

    fn described(&mut self, options: &ContainerOptions) -> Result<SessionBuilder, Error> {
        let language: Language = self.lang.parse()?;
        let builder = Session::builder(language).backend(self.backend(options)?);
        self.placed(self.timed(self.limited(builder))?)
    }

    fn backend(&mut self, options: &ContainerOptions) -> Result<Arc<dyn Backend>, Error> {
        let engine = match self.backend.as_str() {
            "docker" | "micromamba" => Engine::Docker,
            "podman" => Engine::Podman,
            other => return backend(other),
        };
        let mut docker = Docker::new(engine).options(options.clone()).keep_template(self.keep_template);
        if self.backend == "micromamba" {
            docker = docker.micromamba(self.environment.take().unwrap_or_else(|| "base".to_owned()));
        }
        if let Some(image) = self.image.take() {
            docker = docker.image(image);
        }
        if let Some(dockerfile) = self.dockerfile.take() {
            docker = docker.dockerfile(dockerfile);
        }
        if let Some(container) = self.container_id.take() {
            docker = docker.container(container);
        }
        if let Some(address) = self.address.take() {
            docker = docker.address(address);
        }
        if let Some((ca, certificate, key, verify)) = self.tls.take() {
            docker = docker.tls(TlsFiles { ca, certificate, key, verify });
        }
        Ok(Arc::new(docker))
    }

    fn limited(&self, mut builder: SessionBuilder) -> SessionBuilder {
        if let Some(bytes) = self.memory_bytes {
            builder = builder.memory_bytes(bytes);
        }
        if let Some(cpus) = self.cpus {
            builder = builder.cpus(cpus);
        }
        if let Some(processes) = self.processes {
            builder = builder.processes(processes);
        }
        if let Some(bytes) = self.disk_bytes {
            builder = builder.disk_bytes(bytes);
        }
        if let Some(bytes) = self.file_size_bytes {
            builder = builder.file_size_bytes(bytes);
        }
        if let Some(files) = self.open_files {
            builder = builder.open_files(files);
        }
        if let Some(bytes) = self.output_bytes {
            builder = builder.output_limit(bytes);
        }
        builder
    }

    fn timed(&self, mut builder: SessionBuilder) -> Result<SessionBuilder, Error> {
        if let Some(seconds) = self.timeout {
            builder = builder.timeout_seconds(seconds);
        }
        if self.is_endless {
            builder = builder.no_timeout();
        }
        if let Some(seconds) = self.cpu_time {
            builder = builder.cpu_time(duration("cpu_time", seconds)?);
        }
        if let Some(seconds) = self.idle_timeout {
            builder = builder.idle_timeout(duration("idle_timeout", seconds)?);
        }
        if let Some(seconds) = self.lifetime {
            builder = builder.lifetime(duration("session_timeout", seconds)?);
        }
        Ok(builder)
    }

    fn placed(&mut self, mut builder: SessionBuilder) -> Result<SessionBuilder, Error> {
        for (name, value) in std::mem::take(&mut self.env) {
            builder = builder.env(name, value);
        }
        if let Some(directory) = &self.workdir {
            builder = builder.directory(directory);
        }
        for (source, target, is_writable) in &self.mounts {
            let access = if *is_writable { Access::ReadWrite } else { Access::ReadOnly };
            builder = builder.mount(source, target, access);
        }
        if let Some(isolation) = &self.isolation {
            builder = builder.isolation(isolation.parse()?);
        }
        builder = builder.require(guarantees(&self.require)?).accept_weaker(guarantees(&self.accept_weaker)?);
        builder = builder.compiler_options(words(&mut self.compiler_options));
        builder = builder.runtime_options(words(&mut self.runtime_options));
        if let Some(interpreter) = &self.interpreter {
            builder = builder.interpreter(interpreter);
        }
        for (name, value) in &self.labels {
            builder = builder.label(name, value);
        }
        Ok(builder)
    }
}

fn words(given: &mut Vec<Bytes>) -> Vec<OsString> {
    std::mem::take(given).into_iter().map(OsString::from).collect()
}

fn guarantees(names: &[String]) -> Result<Vec<Guarantee>, Error> {
    names.iter().map(|name| name.parse()).collect()
}

fn duration(what: &str, seconds: f64) -> Result<Duration, Error> {
    let wrong = |error| Error::invalid(what, format!("{error}")).with_remedy("give seconds from zero on");
    Duration::try_from_secs_f64(seconds).map_err(wrong)
}

/// Says what of a session's options cannot be used, as far as that can be seen without asking anybody.
#[pyfunction]
pub(crate) fn check_options(options: Options) -> PyResult<()> {
    options.into_builder().map(drop)
}

/// The options of containers that can be named.
#[pyfunction]
pub(crate) fn container_option_names() -> Vec<&'static str> {
    ContainerOptions::names().collect()
}

/// Why the native backend cannot be had on this host; `None` where it can. A sandbox is made to find out.
#[pyfunction]
pub(crate) fn native_hindrance() -> Pending {
    let attempt = async {
        let created = backend("native")?.create(&SandboxSpec::default()).await?;
        created.sandbox.destroy().await
    };
    let hindrance = async { Ok(attempt.await.err().map(|error: Error| error.to_string())) };
    Pending::new(hindrance, |py, hindrance| Ok(hindrance.into_pyobject(py)?.into_any().unbind()))
}
