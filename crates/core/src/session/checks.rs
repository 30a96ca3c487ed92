use std::{path::Path, time::Duration};

use super::Options;
use crate::{Error, Guarantee, LanguageSpec, Limits, Mount, input::inside_directory};

/// The least memory that an interpreter starts in, in bytes.
const MEMORY_LEAST: u64 = 16 << 20;

/// The least disk, in bytes: a directory and a program text fit.
const DISK_LEAST: u64 = 1 << 20;

/// The most of anything measured in bytes: beyond, sums of limits overflow.
const BYTES_MOST: u64 = 1 << 50;

/// The least processes: an interpreter and one child.
const PROCESSES_LEAST: u32 = 2;

/// The most processes that Linux can number.
const PROCESSES_MOST: u32 = 4_194_304;

/// The fewest open files that a program starts with.
const OPEN_FILES_LEAST: u64 = 16;

/// Where nothing may be worked in: the system's own.
pub(super) const SYSTEM: [&str; 11] =
    ["/proc", "/sys", "/dev", "/usr", "/bin", "/lib", "/lib64", "/sbin", "/etc", "/run", "/boot"];

/// What no mount may cover.
const KERNEL: [&str; 3] = ["/proc", "/sys", "/dev"];

pub(super) fn limits(limits: &Limits) -> Result<(), Error> {
    between("memory", "bytes", limits.memory_bytes, MEMORY_LEAST, BYTES_MOST)?;
    between("disk", "bytes", limits.disk_bytes, DISK_LEAST, BYTES_MOST)?;
    between("processes", "processes", limits.processes.into(), PROCESSES_LEAST.into(), PROCESSES_MOST.into())?;
    if let Some(bytes) = limits.file_size_bytes {
        between("file size", "bytes", bytes, 1, BYTES_MOST)?;
    }
    if let Some(files) = limits.open_files {
        between("open files", "files", files, OPEN_FILES_LEAST, 1 << 20)?;
    }
    if let Some(bytes) = limits.output_bytes {
        between("output limit", "bytes", bytes, 0, 1 << 32)?;
    }
    if !limits.cpus.is_finite() || limits.cpus < 0.01 || limits.cpus > 4096.0 {
        let reason = format!("{} is not a number of processors", limits.cpus);
        return Err(Error::invalid("cpus", reason).with_remedy("give a number from 0.01 up, such as 0.5 or 2"));
    }
    Ok(())
}

/// Refuses options that nothing would ever be given.
pub(super) fn options(language: &LanguageSpec, options: &Options) -> Result<(), Error> {
    let name = &language.name;
    if !options.compiler.is_empty() && !language.compile.iter().any(|word| word == "{compiler-options}") {
        let error = Error::invalid("compiler options", format!("{name} has no compiler that takes any"));
        return Err(error.with_remedy("leave them out, or give runtime options"));
    }
    if !options.runtime.is_empty() && !language.run.iter().any(|word| word == "{runtime-options}") {
        let error = Error::invalid("runtime options", format!("programs in {name} run by themselves"));
        return Err(error.with_remedy("leave them out, or give compiler options"));
    }
    Ok(())
}

/// What enforces the limits that differ from the default ones: whoever set them relies on them.
pub(super) fn unusual_limits(limits: &Limits) -> impl Iterator<Item = Guarantee> + use<> {
    let usual = Limits::default();
    let named = [
        (Guarantee::MemoryLimit, limits.memory_bytes != usual.memory_bytes),
        (Guarantee::ProcessLimit, limits.processes != usual.processes),
        (Guarantee::CpuLimit, limits.cpus != usual.cpus),
        (Guarantee::DiskLimit, limits.disk_bytes != usual.disk_bytes),
    ];
    named.into_iter().filter_map(|(guarantee, is_named)| is_named.then_some(guarantee))
}

fn between(what: &str, unit: &str, value: u64, least: u64, most: u64) -> Result<(), Error> {
    if value < least {
        let remedy = format!("give at least {least} {unit}");
        return Err(Error::invalid(what, format!("{value} {unit} are too few")).with_remedy(remedy));
    }
    if value > most {
        let remedy = format!("give at most {most} {unit}");
        return Err(Error::invalid(what, format!("{value} {unit} are too many")).with_remedy(remedy));
    }
    Ok(())
}

/// A deadline in seconds: zero is one, negative and endless ones are none.
pub(crate) fn deadline_of_seconds(what: &str, seconds: f64) -> Result<Duration, Error> {
    Duration::try_from_secs_f64(seconds).map_err(|_| {
        let remedy = "give seconds from zero up, or say that there is no timeout";
        Error::invalid(what, format!("{seconds} seconds is not a deadline")).with_remedy(remedy)
    })
}

/// Checks a mount; its source has to be there where it is of this host.
pub(super) fn mount(mount: &Mount, directory: &Path) -> Result<Mount, Error> {
    let Mount { source, target, access } = mount;
    let what = format!("mount of {}", source.display());
    if !source.is_absolute() {
        return Err(Error::invalid(what, "its source is not absolute").with_remedy("give a path that starts with /"));
    }
    let source = source.canonicalize().map_err(|error| {
        Error::invalid(what.as_str(), format!("its source cannot be used: {error}")).with_remedy("create it first")
    })?;
    let target = inside_directory(&format!("{what}: target"), target, &KERNEL)?;
    if target == directory {
        let remedy = format!("mount below it, for example on {}", directory.join("data").display());
        return Err(Error::invalid(what, "its target is the working directory itself").with_remedy(remedy));
    }
    Ok(Mount { source, target, access: *access })
}
