//! The file system of a jail: an own, empty root in memory, host directories attached to it, the old root let go.

use std::ffi::{CString, OsStr};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path};

use llm_sandbox_protocol::{JailMount, JailSpec};
use rustix::fs::{
    AtFlags, CWD, FileType, Gid, Mode, OFlags, ResolveFlags, Uid, chownat, fchmod, fchown, fstat, mkdirat, openat,
    openat2, readlinkat, symlinkat,
};
use rustix::io::Errno;
use rustix::mount::{
    FsMountFlags, FsOpenFlags, FsPickFlags, MountAttrFlags, MoveMountFlags, OpenTreeFlags, UnmountFlags,
    fsconfig_create, fsconfig_reconfigure, fsconfig_set_string, fsmount, fsopen, fspick, move_mount, open_tree,
    unmount,
};

use super::{PRIVATE, PRIVATE_PROC, Trouble, USER};
use crate::sys::{MountChange, change_mount, set_read_only};

/// Bytes of memory that one file may stand for, small files included: a million empty ones are not free.
const BYTES_PER_INODE: u64 = 4096;

/// Files of the jail itself and a few more.
const INODES_LEAST: u64 = 128;

/// What the jail's own files in /etc take of the disk.
const OWN_FILES: u64 = 256 << 10;

/// System directories that may be links into /usr or directories of their own.
pub(super) const BESIDE_USR: [&str; 6] = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

/// What programs need of the host's /etc to start at all: nothing in it is a secret.
pub(super) const FROM_ETC: [&str; 2] = ["/etc/ld.so.cache", "/etc/alternatives"];

const DEVICES: [&str; 6] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"];

const FILES: [(&str, &str); 5] = [
    (
        "/etc/passwd",
        "root:x:0:0:root:/:/usr/sbin/nologin\nsandbox:x:1000:1000:sandbox:/home/sandbox:/bin/sh\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n",
    ),
    ("/etc/group", "root:x:0:\ntty:x:5:\nsandbox:x:1000:\nnogroup:x:65534:\n"),
    ("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n"),
    ("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n"),
    ("/etc/resolv.conf", ""),
];

const LINKS: [(&str, &str); 7] = [
    ("/dev/fd", "/proc/self/fd"),
    ("/dev/stdin", "/proc/self/fd/0"),
    ("/dev/stdout", "/proc/self/fd/1"),
    ("/dev/stderr", "/proc/self/fd/2"),
    ("/dev/ptmx", "pts/ptmx"),
    ("/etc/mtab", "/proc/self/mounts"),
    ("/var/tmp", "/tmp"),
];

/// Terminals of one sandbox: they come from a count that the whole host shares.
const TERMINALS_MOST: &str = "64";

/// Directories that the code may write to, beside its working directory, and their modes.
pub(super) const WRITABLE: [(&str, u32); 3] = [("/tmp", 0o1777), ("/home/sandbox", 0o755), ("/dev/shm", 0o1777)];

/// What every jail shows of the host: its programs and libraries, and devices.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    /// Directories and files, cut off from the host's mounts, and where they are attached.
    trees: Vec<(OwnedFd, &'static str)>,
    /// System directories that are links, and where to.
    links: Vec<(&'static str, CString)>,
}

impl Prepared {
    pub(crate) fn descriptors(&self) -> impl Iterator<Item = RawFd> {
        self.trees.iter().map(|(tree, _)| tree.as_raw_fd())
    }
}

/// Cuts it out.
pub(crate) fn system() -> Result<Prepared, Trouble> {
    let mut prepared = Prepared { trees: vec![(read_only(Path::new("/usr"))?, "/usr")], links: Vec::new() };
    for path in BESIDE_USR.into_iter().chain(FROM_ETC) {
        match readlinkat(CWD, path, Vec::new()) {
            Ok(target) => prepared.links.push((path, target)),
            Err(Errno::NOENT) => {}
            // It is no link.
            Err(Errno::INVAL) => prepared.trees.push((read_only(Path::new(path))?, path)),
            Err(error) => return Err(failed(error).at(path)),
        }
    }
    for path in DEVICES {
        let tree = cut_out(Path::new(path))?;
        change_mount(tree.as_fd(), MountChange::default()).map_err(|error| failed(error).at(path))?;
        prepared.trees.push((tree, path));
    }
    Ok(prepared)
}

/// Cuts out what the spec asks for. Needs the host's root, so that owners can be mapped.
pub(crate) fn shared(
    spec: &JailSpec,
    owners: impl Fn(u32, u32) -> io::Result<Option<OwnedFd>>,
) -> Result<Vec<OwnedFd>, Trouble> {
    let cut_out = |mount: &JailMount| {
        let source = Path::new(OsStr::from_bytes(&mount.source));
        let tree = cut_out(source)?;
        let status = fstat(&tree).map_err(|error| failed(error).at(source))?;
        let owners = if mount.mapped { owners(status.st_uid, status.st_gid).map_err(failed)? } else { None };
        let change = |owners| MountChange { read_only: !mount.writable, no_devices: true, owners };
        match change_mount(tree.as_fd(), change(owners.as_ref().map(AsFd::as_fd))) {
            // A file system that cannot map owners can still be read as it is.
            Err(_) if !mount.writable => change_mount(tree.as_fd(), change(None)),
            other => other,
        }
        .map_err(|error| {
            failed(error).at(source).hint("share it read-only, or from a file system with mapped owners")
        })?;
        Ok(tree)
    };
    spec.mounts.iter().map(cut_out).collect()
}

fn failed(error: impl Into<io::Error>) -> Trouble {
    Trouble::new("prepare the mounts", error)
}

fn cut_out(path: &Path) -> Result<OwnedFd, Trouble> {
    let flags = OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC | OpenTreeFlags::AT_RECURSIVE;
    open_tree(CWD, path, flags).map_err(|error| failed(error).at(path))
}

fn read_only(path: &Path) -> Result<OwnedFd, Trouble> {
    let tree = cut_out(path)?;
    let change = MountChange { read_only: true, no_devices: true, owners: None };
    change_mount(tree.as_fd(), change).map_err(|error| failed(error).at(path))?;
    Ok(tree)
}

/// Builds what every jail's root has, and makes it this process's root; the mounts so far are the host's or void.
pub(crate) fn assemble(prepared: Prepared, is_void: bool) -> Result<OwnedFd, Trouble> {
    let root = new_root().map_err(|error| Trouble::new("mount the root", error))?;
    let fill = |error: io::Error| Trouble::new("fill the root", error);
    for (path, target) in prepared.links {
        make_link(root.as_fd(), path, target).map_err(|error| fill(error).at(path))?;
    }
    for (path, content) in FILES {
        write_file(root.as_fd(), path, content).map_err(|error| fill(error).at(path))?;
    }
    for (path, target) in LINKS {
        make_link(root.as_fd(), path, target).map_err(|error| fill(error).at(path))?;
    }
    make_private(root.as_fd()).map_err(fill)?;
    directory_at(root.as_fd(), Path::new("/proc")).map_err(fill)?;
    for (tree, target) in prepared.trees {
        attach(root.as_fd(), &tree, Path::new(target))
            .map_err(|error| Trouble::new("attach a mount", error).at(target))?;
    }
    for (path, mode) in WRITABLE {
        give_to_user(root.as_fd(), Path::new(path), mode).map_err(|error| fill(error).at(path))?;
    }
    mount_special(
        root.as_fd(),
        "devpts",
        &[("newinstance", ""), ("ptmxmode", "0666"), ("mode", "0620"), ("max", TERMINALS_MOST)],
        "/dev/pts",
    )?;
    mount_special(root.as_fd(), "proc", &[], PRIVATE_PROC)?;
    let changed = if is_void { cover_old_root(&root) } else { leave_old_root(&root) };
    changed.map_err(|error| Trouble::new("change the root", error))?;
    Ok(root)
}

/// Adds to the root what the spec asks for; `trees` are its mounts, cut out.
pub(crate) fn complete(root: &OwnedFd, spec: &JailSpec, trees: Vec<OwnedFd>) -> Result<(), Trouble> {
    let fill = |error: io::Error| Trouble::new("fill the root", error);
    resize(root, spec.disk).map_err(|error| Trouble::new("limit the disk", error))?;
    write_file(root.as_fd(), "/etc/hostname", &spec.hostname).map_err(fill)?;
    for (mount, tree) in spec.mounts.iter().zip(trees) {
        let target = Path::new(OsStr::from_bytes(&mount.target));
        attach(root.as_fd(), &tree, target).map_err(|error| {
            let trouble = Trouble::new("attach a mount", error).at(target);
            trouble.hint("choose a target that exists inside, or one outside the read-only directories")
        })?;
    }
    let own = Path::new(OsStr::from_bytes(&spec.directory));
    if WRITABLE.iter().any(|(path, _)| Path::new(path) == own) {
        return Ok(());
    }
    give_to_user(root.as_fd(), own, 0o755).map_err(|error| {
        let trouble = Trouble::new("make the working directory", error).at(own);
        trouble.hint("make it on the host where it lies in a mount, or choose one outside the mounts")
    })
}

pub(super) fn new_root() -> io::Result<OwnedFd> {
    let context = fsopen("tmpfs", FsOpenFlags::FSOPEN_CLOEXEC)?;
    fsconfig_set_string(&context, "mode", "0755")?;
    limit(&context, OWN_FILES)?;
    fsconfig_create(&context)?;
    let attributes = MountAttrFlags::MOUNT_ATTR_NOSUID | MountAttrFlags::MOUNT_ATTR_NODEV;
    let root = fsmount(&context, FsMountFlags::FSMOUNT_CLOEXEC, attributes)?;
    // Over the old root, where it hides nothing: this process's own root stays below it until it is changed.
    move_mount(&root, "", CWD, "/", MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH)?;
    Ok(root)
}

/// Gives the root room for so many bytes of the code's files.
fn resize(root: &OwnedFd, disk: u64) -> io::Result<()> {
    let context = fspick(root, "", FsPickFlags::FSPICK_EMPTY_PATH | FsPickFlags::FSPICK_CLOEXEC)?;
    limit(&context, disk.saturating_add(OWN_FILES))?;
    Ok(fsconfig_reconfigure(&context)?)
}

fn limit(context: &OwnedFd, size: u64) -> io::Result<()> {
    fsconfig_set_string(context, "size", size.to_string())?;
    let inodes = (size / BYTES_PER_INODE).max(INODES_LEAST);
    Ok(fsconfig_set_string(context, "nr_inodes", inodes.to_string())?)
}

fn mount_special(root: BorrowedFd<'_>, kind: &str, options: &[(&str, &str)], target: &str) -> Result<(), Trouble> {
    let mounted = || -> io::Result<()> {
        let tree = special(kind, options)?;
        attach(root, &tree, Path::new(target))
    };
    mounted().map_err(|error| {
        let trouble = Trouble::new("mount a kernel file system", error).at(kind);
        trouble.hint("parts of the host's /proc are hidden, as inside a container: run outside it, or unmask /proc")
    })
}

/// A file system that the kernel fills, seen from this process's namespaces.
pub(crate) fn special(kind: &str, options: &[(&str, &str)]) -> io::Result<OwnedFd> {
    let context = fsopen(kind, FsOpenFlags::FSOPEN_CLOEXEC)?;
    for (key, value) in options {
        match *value {
            "" => rustix::mount::fsconfig_set_flag(&context, *key)?,
            value => fsconfig_set_string(&context, *key, value)?,
        }
    }
    fsconfig_create(&context)?;
    let attributes = MountAttrFlags::MOUNT_ATTR_NOSUID | MountAttrFlags::MOUNT_ATTR_NOEXEC;
    Ok(fsmount(&context, FsMountFlags::FSMOUNT_CLOEXEC, attributes)?)
}

/// Where nothing is below the new root that has to go.
fn cover_old_root(root: &OwnedFd) -> io::Result<()> {
    rustix::process::fchdir(root)?;
    rustix::process::chroot(".")?;
    Ok(rustix::process::chdir("/")?)
}

pub(super) fn leave_old_root(root: &OwnedFd) -> io::Result<()> {
    rustix::process::fchdir(root)?;
    rustix::process::pivot_root(".", ".")?;
    unmount(".", UnmountFlags::DETACH)?;
    Ok(rustix::process::chdir("/")?)
}

/// Attaches a tree, making what it is attached to where that is absent. No link on the way is followed: a directory
/// shared by the caller may hold some that code planted in an earlier session.
pub(super) fn attach(root: BorrowedFd<'_>, tree: &OwnedFd, target: &Path) -> io::Result<()> {
    let is_directory = FileType::from_raw_mode(fstat(tree)?.st_mode) == FileType::Directory;
    let target = if is_directory { directory_at(root, target)? } else { file_at(root, target)? };
    let flags = MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH | MoveMountFlags::MOVE_MOUNT_T_EMPTY_PATH;
    Ok(move_mount(tree, "", &target, "", flags)?)
}

/// Opens a directory below the root, making it and its parents where absent.
fn directory_at(root: BorrowedFd<'_>, path: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let inside = ResolveFlags::IN_ROOT | ResolveFlags::NO_SYMLINKS;
    match openat2(root, path, flags, Mode::empty(), inside) {
        Err(Errno::NOENT) => {}
        other => return Ok(other?),
    }
    let mut directory = openat(root, ".", flags, Mode::empty())?;
    for component in path.components() {
        let Component::Normal(name) = component else { continue };
        directory = match openat(&directory, name, flags, Mode::empty()) {
            Err(Errno::NOENT) => {
                mkdirat(&directory, name, Mode::from_raw_mode(0o755))?;
                openat(&directory, name, flags, Mode::empty())?
            }
            other => other?,
        };
    }
    Ok(directory)
}

/// Opens a file below the root by path only, making it and its parents where absent.
fn file_at(root: BorrowedFd<'_>, path: &Path) -> io::Result<OwnedFd> {
    let (parent, name) = split(root, path)?;
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match openat(&parent, name, flags, Mode::empty()) {
        Err(Errno::NOENT) => {
            openat(&parent, name, OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::CLOEXEC, Mode::RUSR)?;
            Ok(openat(&parent, name, flags, Mode::empty())?)
        }
        other => Ok(other?),
    }
}

fn split<'a>(root: BorrowedFd<'_>, path: &'a Path) -> io::Result<(OwnedFd, &'a OsStr)> {
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    Ok((directory_at(root, parent)?, name))
}

fn write_file(root: BorrowedFd<'_>, path: &str, content: &str) -> io::Result<()> {
    let (parent, name) = split(root, Path::new(path))?;
    let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::CLOEXEC;
    let file = openat(&parent, name, flags, Mode::from_raw_mode(0o644))?;
    rustix::io::write(&file, content.as_bytes())?;
    Ok(())
}

fn make_link(root: BorrowedFd<'_>, path: &str, target: impl rustix::path::Arg) -> io::Result<()> {
    let (parent, name) = split(root, Path::new(path))?;
    Ok(symlinkat(target, &parent, name)?)
}

fn make_private(root: BorrowedFd<'_>) -> io::Result<()> {
    Ok(mkdirat(root, PRIVATE.trim_start_matches('/'), Mode::RWXU)?)
}

/// Makes a directory that the code may write to, unless the caller's own mount stands there.
fn give_to_user(root: BorrowedFd<'_>, path: &Path, mode: u32) -> io::Result<()> {
    let directory = directory_at(root, path)?;
    let own = fstat(&directory)?;
    if own.st_dev != fstat(root)?.st_dev {
        return Ok(());
    }
    chownat(&directory, "", Some(Uid::from_raw(USER)), Some(Gid::from_raw(USER)), AtFlags::EMPTY_PATH)?;
    let directory = openat(&directory, ".", OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    fchmod(&directory, Mode::from_raw_mode(mode))?;
    fchown(&directory, Some(Uid::from_raw(USER)), Some(Gid::from_raw(USER)))?;
    Ok(())
}

/// Makes the root read-only but for what the code may write to: for a jail whose code owns all of it.
pub(crate) fn shield(root: &OwnedFd, spec: &JailSpec) -> Result<(), Trouble> {
    let own = Path::new(OsStr::from_bytes(&spec.directory));
    let paths = WRITABLE.iter().map(|(path, _)| Path::new(*path)).chain([Path::new(PRIVATE), own]);
    for path in paths {
        stay_writable(root.as_fd(), path).map_err(|error| Trouble::new("keep a directory writable", error).at(path))?;
    }
    set_read_only(root.as_fd()).map_err(|error| Trouble::new("make the root read-only", error))
}

/// Mounts a directory on itself, with all that is mounted below it.
fn stay_writable(root: BorrowedFd<'_>, path: &Path) -> io::Result<()> {
    let directory = directory_at(root, path)?;
    let flags = OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC | OpenTreeFlags::AT_RECURSIVE;
    let tree = open_tree(&directory, "", flags | OpenTreeFlags::AT_EMPTY_PATH)?;
    let flags = MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH | MoveMountFlags::MOVE_MOUNT_T_EMPTY_PATH;
    Ok(move_mount(&tree, "", &directory, "", flags)?)
}
