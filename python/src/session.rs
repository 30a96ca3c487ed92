//! A session, for Python.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use llm_sandbox::{Error, core};
use pyo3::{prelude::*, types::PyBytes};

use crate::{
    kept::{self, Kept},
    options::Options,
    pending::Pending,
    policy,
    request::Request,
    result::{plain, result},
    run::Running,
    runtime::User,
    value::Bytes,
};

/// An open sandbox with a language. One that is dropped is destroyed in the background.
#[pyclass(frozen, module = "llm_sandbox._native")]
pub(crate) struct Session {
    kept: Arc<Mutex<Option<Kept>>>,
    inner: core::Session,
    process: u32,
}

/// Opens a session.
#[pyfunction]
pub(crate) fn open_session(options: Options) -> PyResult<Pending> {
    let builder = options.into_builder()?;
    Ok(Pending::new(async move { builder.open().await }, |py, session| {
        let inner: core::Session = core::Session::clone(&session);
        Ok(Py::new(py, Session::new(inner)?)?.into_any())
    }))
}

impl Session {
    fn new(inner: core::Session) -> PyResult<Self> {
        let kept = kept::keep(&inner, User::new()?);
        Ok(Self { kept: Arc::new(Mutex::new(Some(kept))), inner, process: std::process::id() })
    }

    /// The session itself, where this process opened it.
    fn here(&self) -> PyResult<core::Session> {
        if self.process == std::process::id() { Ok(self.inner.clone()) } else { Err(forked()) }
    }
}

fn let_go(kept: &Mutex<Option<Kept>>) -> Option<Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner).take()
}

fn forked() -> PyErr {
    let raised = Python::attach(|py| {
        let error = py.import("llm_sandbox.exceptions")?.getattr("ForkedError")?.call0()?;
        Ok::<_, PyErr>(PyErr::from_value(error))
    });
    raised.unwrap_or_else(|raised| raised)
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            // A forked child has no part in its parent's sessions, and ending one would wait for threads it has not.
            std::mem::forget(self.inner.clone());
            return;
        }
        if let Some(kept) = let_go(&self.kept) {
            kept.close_in_background();
        }
    }
}

#[pymethods]
impl Session {
    #[getter]
    fn id(&self) -> &str {
        self.inner.id()
    }

    #[getter]
    fn backend(&self) -> &str {
        self.inner.backend()
    }

    #[getter]
    fn language(&self) -> &str {
        &self.inner.language().name
    }

    #[getter]
    fn directory(&self) -> PathBuf {
        self.inner.directory().to_owned()
    }

    /// The programs that compile and run code.
    #[getter]
    fn programs(&self) -> Vec<PathBuf> {
        self.inner.programs().to_vec()
    }

    /// Limits as they are in force, in bytes and seconds.
    #[getter]
    fn limits<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        plain(py, self.inner.limits())
    }

    /// What the sandbox promises, as dictionaries.
    #[getter]
    fn capabilities<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        plain(py, self.inner.capabilities())
    }

    fn is_over(&self) -> PyResult<bool> {
        Ok(self.here()?.is_over())
    }

    /// Runs something and waits for its result.
    fn run(&self, request: Request) -> PyResult<Pending> {
        let (session, run) = (self.here()?, request.into_run()?);
        Ok(Pending::new(async move { session.run(run).await }, result))
    }

    /// Starts something to be followed live.
    fn start(&self, request: Request) -> PyResult<Pending> {
        let (session, run) = (self.here()?, request.into_run()?);
        Ok(Pending::new(async move { session.start(run).await }, |py, handle| {
            Ok(Py::new(py, Running::new(handle))?.into_any())
        }))
    }

    /// Judges code by the session's policy.
    fn check(&self, code: Bytes) -> PyResult<Pending> {
        let session = self.here()?;
        Ok(Pending::new(async move { session.check(code.0).await }, |py, report| policy::report(py, &report)))
    }

    /// Writes files, each as a path and its bytes.
    fn write_files(&self, files: Vec<(PathBuf, Bytes)>) -> PyResult<Pending> {
        let session = self.here()?;
        let files = files.into_iter().map(|(path, bytes)| (path, bytes.0));
        Ok(Pending::nothing(async move { session.write_files(files).await }))
    }

    /// Reads a file of at most so many bytes.
    #[pyo3(signature = (path, most=None))]
    fn read(&self, path: PathBuf, most: Option<u64>) -> PyResult<Pending> {
        let session = self.here()?;
        let read = async move {
            match most {
                Some(most) => session.read_limited(path, most).await,
                None => session.read(path).await,
            }
        };
        Ok(Pending::new(read, |py, bytes| Ok(PyBytes::new(py, &bytes).into_any().unbind())))
    }

    /// Lists a directory, with all below it where `tree`.
    fn list(&self, path: PathBuf, tree: bool) -> PyResult<Pending> {
        let session = self.here()?;
        let list = async move { if tree { session.list_tree(path).await } else { session.list(path).await } };
        Ok(Pending::new(list, |py, files| Ok(plain(py, &files)?.unbind())))
    }

    fn stat(&self, path: PathBuf) -> PyResult<Pending> {
        let session = self.here()?;
        Ok(Pending::new(async move { session.stat(path).await }, |py, file| Ok(plain(py, &file)?.unbind())))
    }

    /// Removes a file or an empty directory, or all below it where `tree`.
    fn remove(&self, path: PathBuf, tree: bool) -> PyResult<Pending> {
        let session = self.here()?;
        Ok(Pending::nothing(
            async move { if tree { session.remove_tree(path).await } else { session.remove(path).await } },
        ))
    }

    fn make_directory(&self, path: PathBuf) -> PyResult<Pending> {
        let session = self.here()?;
        Ok(Pending::nothing(async move { session.make_directory(path).await }))
    }

    fn upload(&self, host: PathBuf, inside: PathBuf) -> PyResult<Pending> {
        let session = self.here()?;
        Ok(Pending::new(async move { session.upload(host, inside).await }, |py, copied| {
            Ok(plain(py, &copied)?.unbind())
        }))
    }

    fn download(&self, inside: PathBuf, host: PathBuf) -> PyResult<Pending> {
        let session = self.here()?;
        Ok(Pending::new(async move { session.download(inside, host).await }, |py, copied| {
            Ok(plain(py, &copied)?.unbind())
        }))
    }

    fn info(&self) -> PyResult<Pending> {
        let session = self.here()?;
        Ok(Pending::new(async move { session.info().await }, |py, info| Ok(plain(py, &info)?.unbind())))
    }

    /// The result of a detached run, when it is over.
    fn take(&self, number: u64) -> PyResult<Pending> {
        let session = self.here()?;
        Ok(Pending::new(async move { session.take(number).await }, result))
    }

    fn stop(&self, number: u64) -> PyResult<Pending> {
        let session = self.here()?;
        Ok(Pending::nothing(async move { session.stop(number).await }))
    }

    /// Puts the end of the session's lifetime off by so many seconds; how many it lives from now.
    fn extend(&self, seconds: f64) -> PyResult<Pending> {
        let session = self.here()?;
        let extend = async move {
            let by = Duration::try_from_secs_f64(seconds).map_err(|error| {
                Error::invalid("extend", error.to_string()).with_remedy("give seconds from zero on")
            })?;
            session.extend(by).await
        };
        Ok(Pending::new(extend, |py, rest| Ok(rest.as_secs_f64().into_pyobject(py)?.into_any().unbind())))
    }

    /// Keeps the files as an image of this name.
    fn commit(&self, name: String) -> PyResult<Pending> {
        let session = self.here()?;
        Ok(Pending::new(async move { session.commit(&name).await }, |py, id| {
            Ok(id.into_pyobject(py)?.into_any().unbind())
        }))
    }

    /// Destroys the sandbox. Nothing is left when it is done; closing twice is closing once.
    fn close(&self) -> PyResult<Pending> {
        let (session, kept) = (self.here()?, Arc::clone(&self.kept));
        Ok(Pending::new(async move { session.close().await }, move |py, ()| {
            drop(let_go(&kept));
            Ok(py.None())
        }))
    }
}
