use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Where a controller is to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hierarchy {
    /// The directory of the group this process is in.
    pub(crate) own: PathBuf,
}

/// Every version 1 controller's hierarchy, by the controller's name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hierarchies {
    controllers: BTreeMap<String, Hierarchy>,
}

impl Hierarchies {
    /// Reads where this process is.
    pub(crate) fn discover() -> io::Result<Self> {
        let mounts = fs::read("/proc/self/mountinfo")?;
        let groups = fs::read("/proc/self/cgroup")?;
        Ok(Self::parse(&mounts, &groups))
    }

    fn parse(mounts: &[u8], groups: &[u8]) -> Self {
        let own = groups.split(|byte| *byte == b'\n').filter_map(own_group);
        let own: BTreeMap<&[u8], &[u8]> =
            own.flat_map(|(names, path)| names.split(|byte| *byte == b',').map(move |name| (name, path))).collect();
        let mut controllers = BTreeMap::new();
        for mount in mounts.split(|byte| *byte == b'\n').filter_map(cgroup_mount) {
            for controller in mount.controllers {
                let (Some(path), Ok(name)) = (own.get(controller), std::str::from_utf8(controller)) else { continue };
                let below = path.strip_prefix(mount.root).unwrap_or(path);
                let below = Path::new(OsStr::from_bytes(below));
                let own = Path::new(OsStr::from_bytes(mount.point)).join(below.strip_prefix("/").unwrap_or(below));
                controllers.entry(name.to_owned()).or_insert(Hierarchy { own });
            }
        }
        Self { controllers }
    }

    /// Whether every controller is there that a sandbox needs.
    pub(crate) fn are_complete(&self) -> bool {
        ["memory", "pids", "cpu", "cpuacct"].iter().all(|name| self.controllers.contains_key(*name))
    }

    /// The hierarchy of a controller, where the host has it in version 1.
    pub(crate) fn controller(&self, name: &str) -> Option<&Hierarchy> {
        self.controllers.get(name)
    }
}

/// A line of /proc/self/cgroup: `number:controllers:path`.
fn own_group(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut fields = line.splitn(3, |byte| *byte == b':').skip(1);
    Some((fields.next()?, fields.next()?))
}

struct CgroupMount<'a> {
    root: &'a [u8],
    point: &'a [u8],
    controllers: Vec<&'a [u8]>,
}

/// A line of /proc/self/mountinfo: `id parent device root point options… - type source super-options`.
fn cgroup_mount(line: &[u8]) -> Option<CgroupMount<'_>> {
    let mut fields = line.split(|byte| *byte == b' ');
    let root = fields.nth(3)?;
    let point = fields.next()?;
    let mut rest = fields.skip_while(|field| *field != b"-").skip(1);
    if rest.next()? != b"cgroup" {
        return None;
    }
    let controllers = rest.nth(1)?.split(|byte| *byte == b',').collect();
    let root = if root == b"/" { b"" } else { root };
    Some(CgroupMount { root, point, controllers })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_controllers_where_they_are_mounted_apart_together_and_below_a_root() {
        let mounts = b"34 31 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n\
            35 31 0:31 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct\n\
            36 31 0:32 /docker/abc /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n\
            41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";
        let groups = b"9:name=systemd:/\n8:pids:/docker/abc/inner\n4:memory:/a:b\n2:cpu,cpuacct:/\n0::/x\n";
        let found = Hierarchies::parse(mounts, groups);
        let own = |name| found.controller(name).map(|hierarchy| hierarchy.own.to_str().unwrap().to_owned());
        assert_eq!(own("memory").as_deref(), Some("/sys/fs/cgroup/memory/a:b"));
        assert_eq!(own("cpu").as_deref(), Some("/sys/fs/cgroup/cpu,cpuacct/"));
        assert_eq!(own("cpuacct"), own("cpu"));
        assert_eq!(own("pids").as_deref(), Some("/sys/fs/cgroup/pids/inner"));
        assert_eq!(own("rdma"), None);
    }
}
