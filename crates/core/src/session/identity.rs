use std::{collections::BTreeMap, fmt::Write as _, fs::File, io::Read};

use super::{Session, SessionBuilder};
use crate::Error;

/// The longest name of a label, in bytes.
const NAME_MOST: usize = 63;

/// The longest value of a label, in bytes.
const VALUE_MOST: usize = 256;

/// The most labels of a session.
const LABELS_MOST: usize = 64;

/// Where the kernel gives random bytes.
const RANDOM: &str = "/dev/urandom";

/// What a session is known by.
#[derive(Debug, Clone, Default)]
pub(crate) struct Identity {
    pub(crate) id: String,
    pub(crate) labels: BTreeMap<String, String>,
}

impl Identity {
    /// A new one: an id that no other session has, and these labels, checked.
    pub(super) fn new(labels: Vec<(String, String)>) -> Result<Self, Error> {
        Ok(Self { labels: checked(labels)?, id: random_id()? })
    }
}

/// 16 hexadecimal digits of the kernel's randomness.
pub(super) fn random_id() -> Result<String, Error> {
    let mut bytes = [0; 8];
    let read = File::open(RANDOM).and_then(|mut file| file.read_exact(&mut bytes));
    read.map_err(|error| Error::Unsupported {
        operation: "choosing an id".to_owned(),
        reason: format!("{RANDOM} cannot be read: {error}"),
        remedy: Some("let this process read it, as every Linux does".to_owned()),
    })?;
    Ok(bytes.iter().fold(String::new(), |mut id, byte| {
        // Writing to a string does not fail.
        let _ = write!(id, "{byte:02x}");
        id
    }))
}

fn checked(labels: Vec<(String, String)>) -> Result<BTreeMap<String, String>, Error> {
    let mut known = BTreeMap::new();
    for (name, value) in labels {
        check_label(&name, &value)?;
        known.insert(name, value);
    }
    if known.len() > LABELS_MOST {
        let reason = format!("{} are more than the {LABELS_MOST} that a session may have", known.len());
        return Err(Error::invalid("labels", reason).with_remedy("give fewer"));
    }
    Ok(known)
}

fn check_label(name: &str, value: &str) -> Result<(), Error> {
    let shown: String = name.chars().take(NAME_MOST).collect();
    let invalid = |what: &str, reason: String, remedy: &str| {
        Err(Error::invalid(format!("{what} of label {shown:?}"), reason).with_remedy(remedy))
    };
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte);
    if name.is_empty() {
        return invalid("name", "it is empty".to_owned(), "name the label, such as owner");
    }
    if name.len() > NAME_MOST {
        let reason = format!("{} bytes are more than the {NAME_MOST} allowed", name.len());
        return invalid("name", reason, "choose a shorter name");
    }
    if let Some(strange) = name.chars().find(|one| !u8::try_from(*one).is_ok_and(is_known)) {
        return invalid(
            "name",
            format!("it contains {strange:?}"),
            "use letters, digits, \".\", \"_\", \"/\" and \"-\"",
        );
    }
    if value.len() > VALUE_MOST {
        let reason = format!("{} bytes are more than the {VALUE_MOST} allowed", value.len());
        return invalid("value", reason, "keep what is longer elsewhere and label where it is");
    }
    if let Some(strange) = value.chars().find(|one| one.is_control()) {
        return invalid("value", format!("it contains the control character {strange:?}"), "leave it out");
    }
    Ok(())
}

impl<S> SessionBuilder<S> {
    /// Labels the session, for whoever lists sessions: at most 64 labels, a name of at most 63 letters, digits, `.`, `_`,
    /// `/` and `-`, a value of at most 256 bytes without control characters. A name that is given again takes the new value.
    #[must_use]
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.keeping.labels.push((name.into(), value.into()));
        self
    }
}

impl Session {
    /// What the session is known by: 16 hexadecimal digits, chosen at random when it was opened.
    pub fn id(&self) -> &str {
        &self.inner.identity.id
    }

    /// The labels that it was given.
    pub fn labels(&self) -> &BTreeMap<String, String> {
        &self.inner.identity.labels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_of_their_own() {
        let (one, two) = (random_id().unwrap(), random_id().unwrap());
        assert_ne!(one, two);
        assert!(one.len() == 16 && one.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')), "{one}");
    }

    #[test]
    fn labels_are_checked_by_name() {
        assert!(check_label("team/a.b_c-1", "").is_ok());
        let long = "n".repeat(64);
        for (name, value, named) in
            [("", "", "empty"), ("a b", "", "' '"), ("é", "", "'é'"), (&long, "", "64 bytes"), ("a", "x\n", "'\\n'")]
        {
            let error = check_label(name, value).unwrap_err();
            assert!(error.to_string().contains(named) && error.hint().is_some(), "{error}");
        }
        assert!(check_label("a", &"v".repeat(257)).is_err());
        assert!(checked((0..65).map(|number| (number.to_string(), String::new())).collect()).is_err());
    }
}
