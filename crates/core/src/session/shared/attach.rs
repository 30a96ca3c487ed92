use std::{
    path::Path,
    sync::{Arc, atomic::AtomicBool},
    time::Instant,
};

use tokio::runtime::Handle;

use super::{
    Owner, Shares,
    forms::{Offer, SCHEMA, Want, farewell, texts},
};
use crate::{
    BoxFuture, Error, ImageDefaults, InterpreterOrigin, Sandbox, Session,
    connection::Connection,
    session::{
        Builds, Inner,
        identity::Identity,
        lifetime::{Keeping, Lifetime},
        policy::Guard,
    },
};

/// A sandbox of another process: nothing of it is here.
struct Elsewhere;

impl Sandbox for Elsewhere {
    fn destroy(&self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn commit<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<String, Error>> {
        let error = Error::Unsupported {
            operation: format!("keeping an image {name:?}"),
            reason: "the session is another process's".to_owned(),
            remedy: Some("have the process that opened it do so".to_owned()),
        };
        Box::pin(std::future::ready(Err(error)))
    }

    fn last_words(&self) -> BoxFuture<'_, Option<String>> {
        Box::pin(std::future::ready(Some("the process that has it has gone".to_owned())))
    }
}

impl Session {
    /// Attaches to a session that another process of the same user [shares](Session::share) at this path.
    ///
    /// It has the same runs, files and limits. [`Session::close`], or dropping it, only hangs up, which ends the runs that
    /// were started here and are not [detached](crate::Run::detached); [`Session::destroy_shared`] ends the session itself.
    ///
    /// # Errors
    ///
    /// [`Error::SandboxDied`] where nobody answers at that path; [`Error::Unsupported`] where another release does;
    /// [`Error::Closed`], [`Error::Expired`] and others where the session is over.
    pub async fn attach(path: impl AsRef<Path>) -> Result<Self, Error> {
        let owner = Owner::at(path.as_ref())?;
        let (mut offer, stream) = owner.ask::<Offer>(&Want::Session).await?;
        if offer.schema != SCHEMA {
            return Err(Error::Unsupported {
                operation: format!("attaching to the session at {}", path.as_ref().display()),
                reason: format!("it is shared in form {}, and form {SCHEMA} is known here", offer.schema),
                remedy: Some("use the same release of this library in both processes".to_owned()),
            });
        }
        let sandbox: Arc<dyn Sandbox> = Arc::new(Elsewhere);
        let connection = Connection::connect(Box::new(stream), Arc::clone(&sandbox), Some(farewell)).await?;
        let origin = if offer.is_interpreter_of_image { InterpreterOrigin::Image } else { InterpreterOrigin::Host };
        let language = Arc::new(std::mem::take(&mut offer.language));
        let guard = Guard::heard(offer.policy.take(), &language)?;
        let (defaults, image, options) = (offer.take_defaults(), offer.take_image(), offer.take_options());
        let inner = Inner {
            connection,
            sandbox,
            closed: AtomicBool::new(false),
            backend: offer.backend.into(),
            origin,
            language,
            guard,
            programs: offer.programs,
            options,
            builds: Builds::beside_others(),
            defaults,
            image,
            steps: Vec::new(),
            capabilities: offer.capabilities,
            identity: Identity { id: offer.id, labels: offer.labels },
            opened: Instant::now(),
            runs: Arc::default(),
            lifetime: Lifetime::begin(&Keeping::default()),
            runtime: Handle::current(),
            shares: Shares::default(),
            owner: Some(owner),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// All that another process needs to use it.
    pub(super) fn offer(&self) -> Offer {
        let (defaults, ImageDefaults { name, environment, launcher }) = (self.defaults(), self.image());
        Offer {
            schema: SCHEMA,
            id: self.id().to_owned(),
            labels: self.labels().clone(),
            backend: self.backend().to_owned(),
            language: self.language().clone(),
            policy: self.inner.guard.told(),
            programs: self.programs().to_vec(),
            compiler_options: self.options().compiler.iter().cloned().map(Into::into).collect(),
            runtime_options: self.options().runtime.iter().cloned().map(Into::into).collect(),
            is_interpreter_of_image: self.interpreter_origin() == InterpreterOrigin::Image,
            limits: defaults.limits.clone(),
            environment: texts(&defaults.environment),
            directory: defaults.directory.clone(),
            home: defaults.home.clone(),
            temporary: defaults.temporary.clone().map(|path| path.into_os_string().into()),
            capabilities: self.capabilities().clone(),
            image: name.clone(),
            image_environment: texts(environment),
            image_launcher: launcher.iter().cloned().map(Into::into).collect(),
        }
    }
}
