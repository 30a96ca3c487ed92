use std::{sync::Arc, time::Duration};

use llm_sandbox_core::{ErrorKind, Language, Session};

use crate::{assert_kind, idle_backend};

#[tokio::test]
async fn the_backend_learns_what_a_session_is_known_by() {
    let backend = idle_backend();
    let builder = Session::builder_on(Arc::new(backend.clone()), Language::Python);
    let builder = builder.label("a", "1").label("b", "2").label("a", "3").lifetime(Duration::from_secs(1000));
    let (one, two) = (builder.clone().open().await.expect("it opens"), builder.open().await.expect("it opens"));
    assert_ne!(one.id(), two.id());
    let spec = backend.last_spec().expect("one was made");
    assert_eq!((spec.id.as_str(), &spec.labels), (two.id(), two.labels()));
    let labels: Vec<_> = spec.labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(labels, [("a", "3"), ("b", "2")]);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    assert!(spec.deadline.is_some_and(|deadline| (now + 900..=now + 1000).contains(&deadline)), "{:?}", spec.deadline);
}

#[tokio::test]
async fn labels_that_cannot_be_are_named() {
    let backend = idle_backend();
    let long = "x".repeat(300);
    for (name, value, named) in
        [("", "a", "empty"), ("a b", "a", "\"a b\""), ("a", "b\0", "control"), ("a", &long, "300")]
    {
        let builder = Session::builder_on(Arc::new(backend.clone()), Language::Python);
        assert_kind(builder.label(name, value).open().await, ErrorKind::InvalidInput, named);
    }
    assert_eq!(backend.alive(), 0, "nothing was created");
}
