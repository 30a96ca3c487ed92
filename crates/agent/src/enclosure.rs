use std::path::Path;

use crate::jail::{PRIVATE_PROC, can_keep_signals_in};
use crate::process_table::ProcessTable;
use crate::sys::Namespaces;

/// What a sandbox is apart from the host by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Enclosure {
    /// Namespaces of its own, and more for each run.
    Namespaces,
    /// None: it lives among the host's processes and files, held in by users, Landlock and the filter. The processes of a
    /// run are those that descend from its init.
    Descent,
}

impl Enclosure {
    /// The namespaces that a run's processes start in.
    pub(crate) fn of_run(self) -> Namespaces {
        match self {
            Self::Namespaces => Namespaces::RUN,
            Self::Descent => Namespaces::SHARED,
        }
    }

    /// Whether nothing of a run can outlive it, whatever its processes do.
    pub(crate) fn kills_whole_trees(self) -> bool {
        match self {
            Self::Namespaces => true,
            Self::Descent => can_keep_signals_in(),
        }
    }

    /// Where the sandbox's processes are shown.
    pub(crate) fn proc(self) -> &'static Path {
        match self {
            Self::Namespaces => Path::new(PRIVATE_PROC),
            Self::Descent => Path::new("/proc"),
        }
    }

    pub(crate) fn processes(self) -> ProcessTable {
        ProcessTable::read(self.proc())
    }

    /// A directory on the file system in memory that holds all files of the code; none where they lie on a disk.
    pub(crate) fn files_in_memory(self) -> Option<&'static str> {
        match self {
            Self::Namespaces => Some("/"),
            Self::Descent => None,
        }
    }
}
