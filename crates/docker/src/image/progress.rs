use std::{fmt, sync::Arc};

use bollard::models::ProgressDetail;

/// What is being done about an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ImageAction {
    /// It is pulled from its registry.
    Pull,
    /// What it is built of is sent to the engine.
    Send,
    /// The engine builds it.
    Build,
}

impl fmt::Display for ImageAction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Pull => "pulling",
            Self::Send => "sending",
            Self::Build => "building",
        })
    }
}

/// How far getting an image has come.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageProgress {
    /// The image's name, or the file that it is built of.
    pub image: String,
    /// What is being done.
    pub action: ImageAction,
    /// The part of the image that this is about; `None` for all of it.
    pub layer: Option<String>,
    /// So many bytes are done.
    pub bytes_done: Option<u64>,
    /// Of so many.
    pub bytes_total: Option<u64>,
    /// What the engine says, in one line.
    pub message: String,
}

type Callback = dyn Fn(&ImageProgress) + Send + Sync;

/// Who is told, if anybody.
#[derive(Clone, Default)]
pub(super) struct Listener(Option<Arc<Callback>>);

impl Listener {
    pub(super) fn new(listener: impl Fn(&ImageProgress) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listener)))
    }

    pub(super) fn about(&self, image: &str, action: ImageAction) -> Teller {
        Teller { listener: self.clone(), image: image.to_owned(), action }
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() { "Listener" } else { "nobody" })
    }
}

/// Tells of one image.
#[derive(Debug, Clone)]
pub(super) struct Teller {
    listener: Listener,
    image: String,
    action: ImageAction,
}

impl Teller {
    /// What an engine said.
    pub(super) fn heard(&self, layer: Option<String>, detail: Option<ProgressDetail>, message: &str) {
        let bytes = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok());
        let detail = detail.unwrap_or_default();
        // Zero stands for a size that is unknown.
        let total = bytes(detail.total).filter(|total| *total > 0);
        self.tell(layer, bytes(detail.current), total, message);
    }

    pub(super) fn tell(&self, layer: Option<String>, done: Option<u64>, total: Option<u64>, message: &str) {
        let Some(listener) = &self.listener.0 else { return };
        let (image, action) = (self.image.clone(), self.action);
        let message = message.trim_end().to_owned();
        listener(&ImageProgress { image, action, layer, bytes_done: done, bytes_total: total, message });
    }
}
