use llm_sandbox_core::{Error, nearest};
use serde_json::Value;

use super::{ContainerOptions, refused::REFUSED, table::TABLE};

impl ContainerOptions {
    /// The names of the options that can be set.
    pub fn names() -> impl Iterator<Item = &'static str> {
        TABLE.iter().map(|known| known.name)
    }

    /// Sets an option by its name. Values are as the Docker SDK for Python takes them; null takes the option back.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a name that is unknown, whose hint has the nearest; for an option that no sandbox can
    /// have, with the reason; and for a value that cannot be read, whose hint has what the option takes. Nothing is set
    /// then.
    pub fn set(&mut self, name: &str, value: &Value) -> Result<(), Error> {
        if let Some((_, reason, remedy)) = REFUSED.iter().find(|(refused, ..)| *refused == name) {
            return Err(invalid(name, *reason).with_remedy(*remedy));
        }
        let Some(known) = TABLE.iter().find(|known| known.name == name) else {
            return Err(unknown(name));
        };
        // Nothing that cannot be had by any combination is kept.
        let mut changed = self.clone();
        (known.set)(&mut changed, value)
            .map_err(|reason| invalid(name, reason).with_remedy(format!("give {}", known.takes)))?;
        changed.check_values()?;
        *self = changed;
        Ok(())
    }
}

/// An option that cannot be used.
pub(super) fn invalid(name: &str, reason: impl Into<String>) -> Error {
    Error::invalid(format!("container option {name}"), reason)
}

fn unknown(name: &str) -> Error {
    let remedy = match nearest(name, ContainerOptions::names()) {
        Some(near) => format!("did you mean {near:?}?"),
        None => format!("there are: {}", ContainerOptions::names().collect::<Vec<_>>().join(", ")),
    };
    let shown: String = name.chars().take(60).collect();
    Error::invalid("container option", format!("{shown:?} is unknown")).with_remedy(remedy)
}
