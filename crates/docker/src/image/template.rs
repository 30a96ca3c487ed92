//! Images that were built here: shared by the sessions of a process, removed after the last.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use bollard::{Docker as Client, query_parameters::RemoveImageOptionsBuilder};
use llm_sandbox_core::{Error, Own};
use tokio::{runtime::Handle, sync::Mutex as AsyncMutex};

use crate::{
    Engine,
    trouble::{failed, is_missing, status},
};

/// One image of one engine. Whoever builds or removes it holds the lock.
type Slot = Arc<AsyncMutex<Template>>;

/// By engine and name.
static TEMPLATES: Own<Mutex<BTreeMap<Key, Slot>>> = Own::new(Mutex::default);

#[derive(Debug, Default)]
struct Template {
    /// How many sessions need it.
    users: usize,
    /// It was made here and nobody asked for it to be kept.
    is_passing: bool,
}

/// A session's part in an image. Where it is dropped, the image goes in the background if it was the last.
#[derive(Debug)]
pub(crate) struct Lease {
    image: Image,
    slot: Slot,
    is_over: bool,
}

#[derive(Debug, Clone)]
struct Image {
    engine: Engine,
    /// The address that was named for it.
    place: String,
    client: Client,
    name: String,
}

type Key = (&'static str, String, String);

impl Image {
    fn key(&self) -> Key {
        (self.engine.name(), self.place.clone(), self.name.clone())
    }
}

impl Lease {
    /// Takes part in an image, which is built where the engine has none of that name. Others wait meanwhile.
    pub(super) async fn take(
        (engine, place, client): (Engine, &str, &Client),
        name: &str,
        keep: bool,
        build: impl Future<Output = Result<(), Error>>,
    ) -> Result<Self, Error> {
        let image = Image { engine, place: place.to_owned(), client: client.clone(), name: name.to_owned() };
        let slot = slot(&image);
        // Dropped after the lock is.
        let mut lease = Self { image, slot: Arc::clone(&slot), is_over: true };
        let mut template = slot.lock().await;
        let exists = lease.image.exists().await?;
        template.users += 1;
        lease.is_over = false;
        if !exists {
            // From here on it is removed where anything fails.
            template.is_passing = true;
            build.await?;
        }
        template.is_passing &= !keep;
        drop(template);
        Ok(lease)
    }

    /// Gives it back; when the last is given back the image is removed. Trying again is allowed.
    pub(crate) async fn release(&mut self) -> Result<(), Error> {
        if !self.is_over {
            give_back(&self.image, &self.slot).await?;
            self.is_over = true;
        }
        Ok(())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // Outside a runtime nobody can.
        if let (false, Ok(runtime)) = (self.is_over, Handle::try_current()) {
            let (image, slot) = (self.image.clone(), Arc::clone(&self.slot));
            runtime.spawn(async move { give_back(&image, &slot).await });
        }
    }
}

async fn give_back(image: &Image, slot: &Slot) -> Result<(), Error> {
    let mut template = slot.lock().await;
    if template.users == 1 && template.is_passing {
        image.remove().await?;
    }
    template.users -= 1;
    if template.users == 0 {
        template.is_passing = false;
        forget(image);
    }
    Ok(())
}

impl Image {
    async fn exists(&self) -> Result<bool, Error> {
        match self.client.inspect_image(&self.name).await {
            Ok(_) => Ok(true),
            Err(error) if is_missing(&error) => Ok(false),
            Err(error) => Err(failed(self.engine, "look for the image", &error)),
        }
    }

    async fn remove(&self) -> Result<(), Error> {
        let options = RemoveImageOptionsBuilder::default().build();
        match self.client.remove_image(&self.name, Some(options), None).await {
            Err(error) if is_missing(&error) => Ok(()),
            // A container that is none of ours is made of it.
            Err(error) if status(&error) == Some(409) => Ok(()),
            removed => removed.map(drop).map_err(|error| failed(self.engine, "remove the image", &error)),
        }
    }
}

fn slot(image: &Image) -> Slot {
    let all = TEMPLATES.get();
    let mut templates = all.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(templates.entry(image.key()).or_default())
}

/// Forgets an image that nobody needs.
fn forget(image: &Image) {
    let all = TEMPLATES.get();
    let mut templates = all.lock().unwrap_or_else(PoisonError::into_inner);
    let key = image.key();
    // One is the map's, one that of whoever gives back the last lease.
    if templates.get(&key).is_some_and(|slot| Arc::strong_count(slot) <= 2) {
        templates.remove(&key);
    }
}
