use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
};

use crate::Trouble;

/// This process's resident memory, in megabytes.
pub(crate) fn resident() -> Result<f64, Trouble> {
    of_status("VmRSS")
}

/// Memory that the machine could still give out, in megabytes.
pub(crate) fn available() -> Result<f64, Trouble> {
    field(&fs::read_to_string("/proc/meminfo")?, "MemAvailable").ok_or_else(|| "no MemAvailable".into())
}

/// How many descriptors this process holds.
pub(crate) fn descriptors() -> Result<usize, Trouble> {
    Ok(fs::read_dir("/proc/self/fd")?.count())
}

/// The most resident memory this process has from here on.
pub(crate) struct Peak {
    before: f64,
}

impl Peak {
    pub(crate) fn begin() -> Result<Self, Trouble> {
        // Sets the kernel's own mark back.
        fs::write("/proc/self/clear_refs", "5")?;
        Ok(Self { before: resident()? })
    }

    /// How much more it came to, in megabytes.
    pub(crate) fn growth(&self) -> Result<f64, Trouble> {
        Ok((of_status("VmHWM")? - self.before).max(0.0))
    }
}

/// The processes that descend from this one, and their proportional memory together, in megabytes.
pub(crate) fn of_descendants() -> Result<(usize, f64), Trouble> {
    let descendants = descendants()?;
    let sizes = descendants.iter().filter_map(|pid| {
        // One that has ended meanwhile holds none.
        field(&fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?, "Pss")
    });
    Ok((descendants.len(), sizes.sum()))
}

fn descendants() -> io::Result<BTreeSet<u32>> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc")? {
        let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        if let Some(parent) = parent(pid) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut found = BTreeSet::new();
    let mut next = vec![std::process::id()];
    while let Some(pid) = next.pop() {
        let below = children.remove(&pid).unwrap_or_default();
        next.extend(&below);
        found.extend(below);
    }
    Ok(found)
}

/// The program's name, in parentheses, may hold anything.
fn parent(pid: u32) -> Option<u32> {
    let status = fs::read(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = status.split_at(status.iter().rposition(|byte| *byte == b')')?);
    std::str::from_utf8(rest).ok()?.split(' ').nth(2)?.parse().ok()
}

fn of_status(name: &str) -> Result<f64, Trouble> {
    field(&fs::read_to_string("/proc/self/status")?, name).ok_or_else(|| format!("no {name}").into())
}

/// A line `name: number kB`, in megabytes.
fn field(text: &str, name: &str) -> Option<f64> {
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let kibibytes: f64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024.0 / 1e6)
}
