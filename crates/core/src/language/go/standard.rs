use std::{
    collections::HashMap,
    env,
    fs::{self, File},
    io,
    os::unix::fs::{MetadataExt, symlink},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::own::Own;

/// What in a root of Go's is its own in the layer; all else is a link to the installation.
const COMPILED: &str = "pkg";

/// Where the layers lie below the cache, by the installation and its version.
const LAYERS: &str = "go-standard-library";

/// How long it is not tried again.
const RETRY: Duration = Duration::from_secs(24 * 3600);

static LIBRARIES: Own<Mutex<HashMap<PathBuf, Option<PathBuf>>>> = Own::new(Mutex::default);

/// The root of an installation of Go with its standard library compiled, which releases from 1.20 on do not bring along.
/// Made once per host, which takes a minute; `None` where it cannot be, or where there is no need. Where it failed, as on a
/// full disk, it is tried again a day later: until then sessions compile what they need, each for itself.
pub(in crate::language) fn standard_library(go: &Path) -> Option<PathBuf> {
    let libraries = LIBRARIES.get();
    if let Some(known) = libraries.lock().unwrap_or_else(PoisonError::into_inner).get(go) {
        return known.clone();
    }
    let made = cache().and_then(|cache| make(go, &cache.join(LAYERS)).ok().flatten());
    libraries.lock().unwrap_or_else(PoisonError::into_inner).insert(go.to_owned(), made.clone());
    made
}

fn make(go: &Path, layers: &Path) -> io::Result<Option<PathBuf>> {
    let root = PathBuf::from(told(go, "GOROOT")?);
    let version = fs::read_to_string(root.join("VERSION"))?;
    let version = version.lines().next().unwrap_or_default().to_owned();
    if root.join("pkg/linux_amd64/fmt.a").exists() {
        return Ok(None);
    }
    fs::create_dir_all(layers)?;
    let name = format!("{version}-{:x}", fs::metadata(root.join("VERSION"))?.ino());
    let layer = layers.join(&name);
    // Others wait for whoever makes it.
    let lock = File::create(layers.join(format!("{name}.lock")))?;
    lock.lock()?;
    let complete = layers.join(format!("{name}.complete"));
    if complete.exists() {
        return Ok(Some(layer));
    }
    let failed = layers.join(format!("{name}.failed"));
    let age = fs::metadata(&failed).and_then(|failed| failed.modified()).map(|at| at.elapsed().unwrap_or_default());
    if age.is_ok_and(|age| age < RETRY) {
        return Ok(None);
    }
    // Somebody may have been killed over it. What is compiled knows where it lies, so it is made in its place.
    remove(&layer)?;
    let made = link(&root, &layer).and_then(|()| compile(go, &layer, &layers.join(format!("{name}.work"))));
    if let Err(error) = made {
        // Where not even this can be written there is nothing to be done.
        let _ = fs::write(&failed, format!("{error}\n"));
        remove(&layer)?;
        return Err(error);
    }
    File::create(complete)?;
    Ok(Some(layer))
}

fn remove(directory: &Path) -> io::Result<()> {
    if directory.exists() { fs::remove_dir_all(directory) } else { Ok(()) }
}

/// Makes a root whose parts are those of another, but for what is compiled.
fn link(root: &Path, layer: &Path) -> io::Result<()> {
    let own = layer.join(COMPILED);
    fs::create_dir_all(&own)?;
    for (from, to) in [(root.to_owned(), layer), (root.join(COMPILED), own.as_path())] {
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            if entry.file_name() != COMPILED {
                symlink(entry.path(), to.join(entry.file_name()))?;
            }
        }
    }
    Ok(())
}

fn compile(go: &Path, layer: &Path, work: &Path) -> io::Result<()> {
    fs::create_dir_all(work)?;
    let status = Command::new(go)
        .args(["install", "std"])
        .env_clear()
        .envs([("PATH", "/usr/bin:/bin"), ("CGO_ENABLED", "0"), ("GOTOOLCHAIN", "local"), ("GOTELEMETRY", "off")])
        .envs([("GODEBUG", "installgoroot=all"), ("GOPROXY", "off")])
        .env("GOROOT", layer)
        .env("GOCACHE", work.join("cache"))
        .env("HOME", work)
        .current_dir(work)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    // It takes as much room as the layer itself.
    let removed = fs::remove_dir_all(work);
    match status?.success() {
        true => removed,
        false => Err(io::Error::other("go install std failed")),
    }
}

fn told(go: &Path, variable: &str) -> io::Result<String> {
    let output = Command::new(go)
        .args(["env", variable])
        .env("GOTOOLCHAIN", "local")
        .current_dir("/")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Where this user keeps what can be made again.
fn cache() -> Option<PathBuf> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let own = absolute("LLM_SANDBOX_CACHE");
    own.or_else(|| {
        absolute("XDG_CACHE_HOME")
            .or_else(|| Some(absolute("HOME")?.join(".cache")))
            .map(|cache| cache.join("llm-sandbox"))
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// An installation whose `go install` fails and says so in a file.
    fn broken_installation(at: &Path) -> PathBuf {
        fs::create_dir_all(at.join("pkg")).expect("a directory");
        fs::write(at.join("VERSION"), "go1.99\n").expect("a file");
        let (go, place) = (at.join("go"), at.display());
        let script = format!("#!/bin/sh\n[ $1 = env ] && echo {place} && exit\necho tried >>{place}/tries\nexit 1\n");
        fs::write(&go, script).expect("a file");
        fs::set_permissions(&go, fs::Permissions::from_mode(0o755)).expect("ours");
        go
    }

    #[test]
    fn what_failed_is_not_tried_by_every_process() {
        let place = env::temp_dir().join(format!("llm-sandbox-broken-go-{}", std::process::id()));
        let (go, layers) = (broken_installation(&place), place.join("layers"));
        make(&go, &layers).expect_err("it cannot be compiled");
        assert_eq!(make(&go, &layers).expect("that is known"), None);
        let tries = || fs::read_to_string(place.join("tries")).expect("it was tried").lines().count();
        assert_eq!(tries(), 1);
        let failed = fs::read_dir(&layers).expect("a directory").flatten().map(|entry| entry.path());
        let failed = failed.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "failed"));
        let failed = File::options().write(true).open(failed.expect("a marker")).expect("ours");
        failed.set_modified(std::time::SystemTime::now() - RETRY).expect("ours");
        make(&go, &layers).expect_err("it still cannot be compiled");
        assert_eq!(tries(), 2, "after a day it is tried again");
        fs::remove_dir_all(&place).expect("ours");
    }
}
