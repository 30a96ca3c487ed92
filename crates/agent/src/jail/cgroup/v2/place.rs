use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::process::getuid;

use super::super::write;
use super::systemd;
use crate::jail::Trouble;

/// Which limits the groups of a place can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Controllers {
    pub(crate) memory: bool,
    pub(crate) processes: bool,
    pub(crate) cpu: bool,
}

impl Controllers {
    fn of_list(list: &str) -> Self {
        let has = |name| list.split_whitespace().any(|listed| listed == name);
        Self { memory: has("memory"), processes: has("pids"), cpu: has("cpu") }
    }

    fn names(self) -> impl Iterator<Item = &'static str> {
        let named = [("memory", self.memory), ("pids", self.processes), ("cpu", self.cpu)];
        named.into_iter().filter_map(|(name, is_there)| is_there.then_some(name))
    }

    fn without(self, other: Self) -> Self {
        Self {
            memory: self.memory && !other.memory,
            processes: self.processes && !other.processes,
            cpu: self.cpu && !other.cpu,
        }
    }

    const ALL: Self = Self { memory: true, processes: true, cpu: true };

    /// Lets the groups below a group have them.
    pub(super) fn hand_down(self, group: &OwnedFd) -> io::Result<()> {
        let words: Vec<String> = self.names().map(|name| format!("+{name}")).collect();
        if words.is_empty() { Ok(()) } else { write(group, "cgroup.subtree_control", &words.join(" ")) }
    }

    pub(super) fn shortcoming(self) -> (String, String) {
        let missing: Vec<&str> = Self::ALL.without(self).names().collect();
        if missing.is_empty() {
            return Default::default();
        }
        let missing = missing.join(", ");
        let remedy = format!("delegate {missing} to this process's cgroup, for example by systemd's Delegate=yes");
        (format!("the cgroup controllers {missing} are not delegated to this process"), remedy)
    }

    /// As one byte, for the way to the agent.
    pub(crate) fn bits(self) -> u8 {
        u8::from(self.memory) | u8::from(self.processes) << 1 | u8::from(self.cpu) << 2
    }

    pub(crate) fn from_bits(bits: u8) -> Self {
        Self { memory: bits & 1 != 0, processes: bits & 2 != 0, cpu: bits & 4 != 0 }
    }
}

/// A group that sandboxes can be made in.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) parent: PathBuf,
    pub(super) controllers: Controllers,
}

const REMEDY: &str = "start this program in a delegated cgroup, as by: \
    systemd-run --user --scope -p Delegate=yes COMMAND (as root without --user)";

impl Place {
    /// Finds one: the group this process is in, or the one around it.
    pub(super) fn find() -> Result<Self, Trouble> {
        let mounts = fs::read("/proc/self/mountinfo").map_err(|error| Trouble::new("find the cgroups", error))?;
        let groups = fs::read("/proc/self/cgroup").map_err(|error| Trouble::new("find the cgroups", error))?;
        let Some(Own { top, path }) = Own::parse(&mounts, &groups) else {
            let words = "no cgroup file system is mounted that has the memory and pids controllers";
            return Err(Trouble::unsupported("find the cgroups", words)
                .hint("mount cgroup2 on /sys/fs/cgroup, or use a host or container that has it"));
        };
        let divide = |error: io::Error| Trouble::new("divide the cgroup", error).at(&path);
        let inside = match Self::at(&path) {
            Ok(place) => return Ok(place),
            Err(error) => error,
        };
        if is_managed(&path) {
            if !is_unlimited(&path, &SET_ON_PURPOSE) {
                return Err(divide(inside).hint(IN_A_UNIT));
            }
            return Self::in_scope(&top).map_err(|error| divide(error).hint(REMEDY));
        }
        let around = path.parent().filter(|around| around.starts_with(&top));
        let around = around.filter(|_| is_unlimited(&path, &SET_ON_PURPOSE) && is_unlimited(&path, &["pids.max"]));
        match around.map(Self::at) {
            Some(Ok(place)) => Ok(place),
            _ => Err(divide(inside).hint(REMEDY)),
        }
    }

    /// A scope that the service manager makes for this process.
    fn in_scope(top: &Path) -> io::Result<Self> {
        systemd::enter_scope()?;
        let (mounts, groups) = (fs::read("/proc/self/mountinfo")?, fs::read("/proc/self/cgroup")?);
        let own = Own::parse(&mounts, &groups).filter(|own| own.top == top).ok_or(io::ErrorKind::NotFound)?;
        // A group that is divided holds no processes itself.
        let leaf = own.path.join("supervisor");
        fs::create_dir(&leaf)?;
        fs::write(leaf.join("cgroup.procs"), "0")?;
        Self::at(&own.path)
    }

    /// This group, as far as it can be divided.
    fn at(path: &Path) -> io::Result<Self> {
        let available = Controllers::of_list(&fs::read_to_string(path.join("cgroup.controllers"))?);
        let file = path.join("cgroup.subtree_control");
        let wanted = available.without(Controllers::of_list(&fs::read_to_string(&file)?));
        for name in wanted.names() {
            fs::write(&file, format!("+{name}"))?;
        }
        if !available.memory && !available.processes {
            return Err(io::Error::other("neither the memory nor the pids controller is available in it"));
        }
        // Whether it is ours to divide.
        rustix::fs::access(path, rustix::fs::Access::WRITE_OK)?;
        rustix::fs::access(path.join("cgroup.procs"), rustix::fs::Access::WRITE_OK)?;
        Ok(Self { parent: path.to_owned(), controllers: available })
    }
}

/// Limits that a service manager sets only where it is told to.
const SET_ON_PURPOSE: [&str; 4] = ["memory.max", "memory.high", "memory.swap.max", "cpu.max"];

const IN_A_UNIT: &str =
    "sandboxes beside this unit would escape its limits: give the unit Delegate=yes and DelegateSubgroup=main";

/// Whether a group has no limits of its own, so that nothing is escaped by being beside it.
fn is_unlimited(path: &Path, limits: &[&str]) -> bool {
    limits.iter().all(|file| match fs::read_to_string(path.join(file)) {
        Ok(limit) => limit.starts_with("max"),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    })
}

/// Whether a service manager looks after this group, and has not given it to this process.
fn is_managed(path: &Path) -> bool {
    let is_given = |user: u32| user != 0 && fs::metadata(path).is_ok_and(|status| status.uid() == user);
    Path::new("/run/systemd/system").is_dir() && !is_given(getuid().as_raw())
}

/// Where this process is.
#[derive(Debug, PartialEq, Eq)]
struct Own {
    /// Where the tree is mounted.
    top: PathBuf,
    /// The directory of this process's group.
    path: PathBuf,
}

impl Own {
    fn parse(mounts: &[u8], groups: &[u8]) -> Option<Self> {
        let group = groups.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"0::"))?;
        let (root, point) = mounts.split(|byte| *byte == b'\n').find_map(mount)?;
        let root = if root == b"/" { b"" } else { root };
        // A path that leads out of the namespace is not in what is mounted.
        let below = Path::new(OsStr::from_bytes(group.strip_prefix(root)?)).strip_prefix("/").ok()?;
        if below.components().any(|component| component == std::path::Component::ParentDir) {
            return None;
        }
        let top = PathBuf::from(OsStr::from_bytes(point));
        Some(Self { path: top.join(below), top })
    }
}

/// Root and point of a mount of version 2, from a line of /proc/self/mountinfo.
fn mount(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut fields = line.split(|byte| *byte == b' ');
    let (root, point) = (fields.nth(3)?, fields.next()?);
    let kind = fields.skip_while(|field| *field != b"-").nth(1)?;
    (kind == b"cgroup2").then_some((root, point))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &[u8] = b"30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n";

    #[test]
    fn the_own_group_is_found_below_where_the_tree_is_mounted() {
        let own = |mounts, groups| Own::parse(mounts, groups).map(|own| own.path.to_str().unwrap().to_owned());
        assert_eq!(own(MOUNTS, b"0::/user.slice/a.scope\n").as_deref(), Some("/sys/fs/cgroup/user.slice/a.scope"));
        assert_eq!(own(MOUNTS, b"0::/\n").as_deref(), Some("/sys/fs/cgroup/"));
        assert_eq!(own(MOUNTS, b"0::/../elsewhere\n"), None);
        let part = b"30 24 0:26 /docker/x /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
        assert_eq!(own(part, b"3:memory:/y\n0::/docker/x/in\n").as_deref(), Some("/sys/fs/cgroup/in"));
        assert_eq!(own(part, b"0::/other\n"), None);
        assert_eq!(own(b"", b"0::/\n"), None);
    }

    #[test]
    fn controllers_survive_the_way_to_the_agent() {
        for bits in 0..8 {
            assert_eq!(Controllers::from_bits(bits).bits(), bits);
        }
        assert_eq!(Controllers::of_list("cpuset cpu io memory"), Controllers { processes: false, ..Controllers::ALL });
        assert!(Controllers::ALL.shortcoming().0.is_empty());
        assert!(Controllers::default().shortcoming().0.contains("memory, pids, cpu"));
    }
}
