use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd, RawFd};

use rustix::fs::{Gid, Uid};
use rustix::thread::{
    CapabilitySet, CapabilitySets, set_capabilities, set_no_new_privs, set_thread_groups, set_thread_res_gid,
    set_thread_res_uid,
};

use crate::enclosure::Enclosure;
use crate::jail::{MemoryWatch, RunGroup, SandboxGroup};
use crate::sys::{landlock_restrict_self, load_filter};

/// The user that code runs as, inside.
#[derive(Debug, Clone, Copy)]
pub(crate) enum CodeUser {
    /// Another than the agent's.
    Other(u32),
    /// The agent's own.
    Same(u32),
}

/// What holds code in, beyond the namespaces that its run starts in.
pub(crate) struct Confinement<'sandbox> {
    pub(crate) enclosure: Enclosure,
    user: CodeUser,
    /// Processes that the code's user has besides.
    strangers: u64,
    pub(crate) groups: Groups<'sandbox>,
    landlock: Option<OwnedFd>,
    filter: Vec<libc::sock_filter>,
}

impl<'sandbox> Confinement<'sandbox> {
    /// `strangers`: how many processes the code's user has besides.
    pub(crate) fn new(
        enclosure: Enclosure,
        (user, strangers): (CodeUser, u64),
        groups: Groups<'sandbox>,
        landlock: Option<OwnedFd>,
        filter: Vec<libc::sock_filter>,
    ) -> Self {
        Self { enclosure, user, strangers, groups, landlock, filter }
    }

    /// Becomes the code's user, without any capability.
    pub(crate) fn become_user(&self) -> io::Result<()> {
        if let CodeUser::Other(id) = self.user {
            let (user, group) = (Uid::from_raw(id), Gid::from_raw(id));
            set_thread_groups(&[])?;
            set_thread_res_gid(group, group, group)?;
            set_thread_res_uid(user, user, user)?;
        }
        let none = CapabilitySet::empty();
        Ok(set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })?)
    }

    /// Shuts the last doors; for a process that is the code's user and about to become its program.
    pub(crate) fn seal(&self) -> io::Result<()> {
        self.fence_files()?;
        load_filter(&self.filter)
    }

    /// How many processes the code's user may have, where no group counts the code's.
    pub(crate) fn user_processes(&self) -> Option<u64> {
        Some(self.groups.sandbox.user_processes()?.saturating_add(self.strangers))
    }

    /// Lets files be reached only as the code may, for a process that is the code's user.
    pub(crate) fn fence_files(&self) -> io::Result<()> {
        set_no_new_privs(true)?;
        self.landlock.as_ref().map_or(Ok(()), landlock_restrict_self)
    }

    /// What [`Confinement::seal`] needs open.
    pub(crate) fn descriptor(&self) -> Option<RawFd> {
        self.landlock.as_ref().map(AsRawFd::as_raw_fd)
    }

    pub(crate) fn user(&self) -> u32 {
        match self.user {
            CodeUser::Other(id) | CodeUser::Same(id) => id,
        }
    }

    /// Whether the code has the agent's own user id, so that owners keep nothing from it.
    pub(crate) fn is_same_user(&self) -> bool {
        matches!(self.user, CodeUser::Same(_))
    }
}

/// The sandbox's control group and the groups of its runs.
pub(crate) struct Groups<'sandbox> {
    pub(crate) sandbox: &'sandbox SandboxGroup,
    pub(crate) watch: MemoryWatch,
    idle: Vec<RunGroup>,
    made: u32,
    files: Option<RunGroup>,
}

impl<'sandbox> Groups<'sandbox> {
    pub(crate) fn new(sandbox: &'sandbox SandboxGroup, watch: MemoryWatch) -> Self {
        Self { sandbox, watch, idle: Vec::new(), made: 0, files: None }
    }

    /// A group that no other run is in.
    pub(crate) fn lend(&mut self) -> io::Result<RunGroup> {
        if let Some(group) = self.idle.pop() {
            return Ok(group);
        }
        self.made += 1;
        RunGroup::create(self.sandbox, self.made)
    }

    /// Makes the group of those who move files, so that what they write is on the code's account.
    pub(crate) fn prepare_files(&mut self) -> io::Result<()> {
        if self.files.is_none() {
            self.files = Some(RunGroup::create(self.sandbox, 0)?);
        }
        Ok(())
    }

    /// The group to start them in, where that is better than to join it.
    pub(crate) fn files_entry(&self) -> Option<BorrowedFd<'_>> {
        self.files.as_ref().and_then(RunGroup::entry)
    }

    /// Moves the calling process into it.
    pub(crate) fn join_files(&self) -> io::Result<()> {
        self.files.as_ref().map_or(Ok(()), RunGroup::join)
    }

    /// Takes a group back whose run is over. One that cannot be made ready again is left to the supervisor.
    pub(crate) fn give_back(&mut self, mut group: RunGroup) {
        if group.renew(self.sandbox).is_ok() {
            self.idle.push(group);
        }
    }
}
