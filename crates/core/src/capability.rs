use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Error, language::nearest};

macro_rules! guarantees {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// Something that a sandbox can promise, whatever the code in it does.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum Guarantee {
            $($(#[$doc])* $variant,)*
        }

        impl Guarantee {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name in options, in JSON and on the wire.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

guarantees! {
    /// Code reaches no network but its own loopback interface.
    NetworkNone = "network-none",
    /// The memory of all runs together is bounded, and running out of it is reported as such.
    MemoryLimit = "memory-limit",
    /// The processes and threads of a run are bounded.
    ProcessLimit = "process-limit",
    /// The processor time that all runs together get each moment is bounded.
    CpuLimit = "cpu-limit",
    /// All written files together are bounded.
    DiskLimit = "disk-limit",
    /// When a run ends, all its processes are dead, whatever they forked or detached.
    TreeKill = "tree-kill",
    /// When a run ends, the shared memory, semaphores and message queues that it made go with it.
    IpcRemoved = "ipc-removed",
    /// Code cannot name, signal or change the agent that serves it.
    AgentApart = "agent-apart",
    /// A run's own limits hold: its deadline, the output kept, its largest file, its open descriptors.
    RunLimits = "run-limits",
    /// Of the host's files code can open only system directories, read-only, and what the caller shares.
    HostFiles = "host-files",
    /// Of the host's files code sees only system directories, read-only, and what the caller shares.
    HostHidden = "host-hidden",
    /// Code sees no process but its run's own, and no other sandbox.
    ProcessesHidden = "processes-hidden",
    /// Code has no capability and can gain none.
    Unprivileged = "unprivileged",
    /// System calls that no program needs are refused.
    SystemCalls = "system-calls",
    /// A second fence around files, apart from mounts and owners.
    FileRules = "file-rules",
}

impl fmt::Display for Guarantee {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Guarantee {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.iter().find(|guarantee| guarantee.as_str() == name);
        found.copied().ok_or_else(|| {
            let names = || Self::ALL.iter().map(|guarantee| guarantee.as_str());
            let remedy = match nearest(name, names()) {
                Some(near) => format!("did you mean {near:?}?"),
                None => format!("choose among {}", names().collect::<Vec<_>>().join(", ")),
            };
            Error::invalid("guarantee", format!("{name:?} is none")).with_remedy(remedy)
        })
    }
}

/// How firmly a guarantee holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// Not at all.
    Absent,
    /// Against most code: a weaker form, which its words describe.
    BestEffort,
    /// Against any code, as long as the kernel holds.
    Enforced,
}

impl Strength {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::BestEffort => "best-effort",
            Self::Enforced => "enforced",
        }
    }
}

/// How a sandbox holds one guarantee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assurance {
    /// What is promised.
    pub guarantee: Guarantee,
    /// How firmly.
    pub strength: Strength,
    /// By what, or why not, in words.
    pub form: String,
    /// What would make it hold where it does not.
    pub remedy: Option<String>,
}

/// What a sandbox of one backend on one host promises.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Capabilities {
    /// One for each guarantee that the backend knows of.
    pub assurances: Vec<Assurance>,
}

impl Capabilities {
    /// How a guarantee is held; `None` where the backend says nothing of it.
    pub fn get(&self, guarantee: Guarantee) -> Option<&Assurance> {
        self.assurances.iter().find(|assurance| assurance.guarantee == guarantee)
    }

    /// How firmly a guarantee holds.
    pub fn strength(&self, guarantee: Guarantee) -> Strength {
        self.get(guarantee).map_or(Strength::Absent, |assurance| assurance.strength)
    }

    /// Whether a guarantee holds against any code.
    pub fn holds(&self, guarantee: Guarantee) -> bool {
        self.strength(guarantee) == Strength::Enforced
    }

    /// Takes the agent's word for a guarantee of which the backend knew only that it holds at least in a weaker form.
    pub(crate) fn confirm(&mut self, guarantee: Guarantee, form: &str) {
        let weaker =
            |assurance: &&mut Assurance| assurance.guarantee == guarantee && assurance.strength == Strength::BestEffort;
        if let Some(assurance) = self.assurances.iter_mut().find(weaker) {
            *assurance = Assurance { guarantee, strength: Strength::Enforced, form: form.to_owned(), remedy: None };
        }
    }

    /// Refuses where one of these does not hold.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`], naming the first that does not, why, and what would help.
    pub fn require<'a>(&self, guarantees: impl IntoIterator<Item = &'a Guarantee>) -> Result<(), Error> {
        match guarantees.into_iter().find(|guarantee| !self.holds(**guarantee)) {
            None => Ok(()),
            Some(&guarantee) => {
                let assurance = self.get(guarantee);
                let reason = match assurance {
                    Some(Assurance { strength: Strength::BestEffort, form, .. }) => format!("best effort only: {form}"),
                    Some(Assurance { form, .. }) => form.clone(),
                    None => "this backend does not know of it".to_owned(),
                };
                let remedy = assurance.and_then(|assurance| assurance.remedy.clone());
                Err(Error::Unsupported { operation: format!("the guarantee {guarantee}"), reason, remedy })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(guarantee: Guarantee, strength: Strength) -> Assurance {
        Assurance { guarantee, strength, form: "by trust".into(), remedy: Some("mount cgroups".into()) }
    }

    #[test]
    fn names_are_what_json_says_and_can_be_read_back() {
        for guarantee in Guarantee::ALL {
            let json = serde_json::to_value(guarantee).unwrap();
            assert_eq!(json, guarantee.as_str());
            assert_eq!(guarantee.as_str().parse::<Guarantee>().unwrap(), *guarantee);
        }
        let error = "memory-limits".parse::<Guarantee>().unwrap_err();
        assert!(error.hint().is_some_and(|hint| hint.contains("\"memory-limit\"")), "{error:?}");
    }

    #[test]
    fn what_is_required_and_does_not_hold_is_refused_by_name() {
        let assurances =
            vec![held(Guarantee::TreeKill, Strength::Enforced), held(Guarantee::MemoryLimit, Strength::BestEffort)];
        let capabilities = Capabilities { assurances };
        assert!(capabilities.require(&[Guarantee::TreeKill]).is_ok());
        assert!(capabilities.require(&[]).is_ok());
        let error = capabilities.require(&[Guarantee::TreeKill, Guarantee::MemoryLimit]).unwrap_err();
        assert_eq!(error.to_string(), "the guarantee memory-limit is not supported: best effort only: by trust");
        assert_eq!(error.hint(), Some("mount cgroups"));
        let error = capabilities.require(&[Guarantee::NetworkNone]).unwrap_err();
        assert!(error.to_string().contains("network-none"), "{error}");
    }
}
