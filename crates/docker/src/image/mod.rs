//! What containers are made of: an image that is here, pulled, or built.

mod build;
mod context;
mod credentials;
mod dockerfile;
mod glob;
mod header;
mod ignore;
mod progress;
mod pull;
mod reference;
pub(crate) mod tar;
mod template;

use std::path::PathBuf;

use bollard::Docker as Client;
use llm_sandbox_core::Error;
use tokio::task::spawn_blocking;

pub use progress::{ImageAction, ImageProgress};
pub(crate) use template::Lease;

use self::{build::Plan, dockerfile::Dockerfile, progress::Listener};
use crate::Engine;

/// Which image sandboxes are made of, and what becomes of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Images {
    pub(crate) choice: Choice,
    /// What was built is kept.
    pub(crate) keep: bool,
    listener: Listener,
}

/// Which image.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Choice {
    /// The default one of the session's language.
    #[default]
    ByLanguage,
    Named(String),
    /// The one that this file says how to build.
    Built(PathBuf),
}

/// An image that a container is to be created of.
#[derive(Debug)]
pub(crate) struct Image {
    pub(crate) name: String,
    /// Where it was built here.
    pub(crate) template: Option<Lease>,
}

impl Images {
    pub(crate) fn listen(&mut self, listener: impl Fn(&ImageProgress) + Send + Sync + 'static) {
        self.listener = Listener::new(listener);
    }

    /// Finds the image's name, and builds it where it is to be built. One that is to be pulled may yet be absent: creating
    /// a container says so at no cost.
    pub(crate) async fn prepare(
        &self,
        engine: (Engine, &str),
        client: &Client,
        of_language: Option<&str>,
    ) -> Result<Image, Error> {
        match &self.choice {
            Choice::ByLanguage => match of_language {
                Some(name) => Ok(Image { name: name.to_owned(), template: None }),
                None => Err(Error::invalid("image", "none is named, and the language has none of its own")
                    .with_remedy("name one by image()")),
            },
            Choice::Named(name) => Ok(Image { name: name.clone(), template: None }),
            Choice::Built(path) => self.build(engine, client, path.clone()).await,
        }
    }

    async fn build(&self, (engine, place): (Engine, &str), client: &Client, path: PathBuf) -> Result<Image, Error> {
        let read = spawn_blocking(move || Dockerfile::read(&path)).await;
        let dockerfile = read.unwrap_or_else(|error| Err(Error::invalid("dockerfile", error.to_string())))?;
        let plan = Plan::make(dockerfile).await?;
        let name = plan.name();
        let build = plan.build(engine, client, &self.listener);
        let template = Lease::take((engine, place, client), &name, self.keep, build).await?;
        Ok(Image { name, template: Some(template) })
    }

    /// Brings an image here that is not, of this platform where one is named.
    pub(crate) async fn pull(&self, engine: Engine, client: &Client, image: (&str, Option<&str>)) -> Result<(), Error> {
        pull::pull(engine, client, image, &self.listener).await
    }

    /// The error where the engine has no such image after that.
    pub(crate) fn came_to_nothing(image: &str) -> Error {
        pull::came_to_nothing(image)
    }
}
