//! Backends by name.

use llm_sandbox::{ErrorKind, backend};

#[test]
fn an_unknown_backend_is_refused_with_those_there_are() {
    let error = backend("dokcer").err().expect("there is none of that name");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("dokcer"));
    assert!(error.hint().is_some_and(|hint| hint.starts_with("there are:")));
}

#[cfg(target_os = "linux")]
#[test]
fn native_is_there() {
    assert_eq!(backend("native").expect("it is there").name(), "native");
}
