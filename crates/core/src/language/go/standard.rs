use std::{
    collections::HashMap,
    env,
    fs::{self, File},
    io,
    os::unix::fs::{MetadataExt, symlink},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{LazyLock, Mutex, PoisonError},
};

/// What in a root of Go's is its own in the layer; all else is a link to the installation.
const COMPILED: &str = "pkg";

/// Where the layers lie below the cache, by the installation and its version.
const LAYERS: &str = "go-standard-library";

static LIBRARIES: LazyLock<Mutex<HashMap<PathBuf, Option<PathBuf>>>> = LazyLock::new(Mutex::default);

/// The root of an installation of Go with its standard library compiled, which releases from 1.20 on do not bring along.
/// Made once per host, which takes a minute; `None` where it cannot be, or where there is no need.
pub(in crate::language) fn standard_library(go: &Path) -> Option<PathBuf> {
    if let Some(known) = LIBRARIES.lock().unwrap_or_else(PoisonError::into_inner).get(go) {
        return known.clone();
    }
    let made = make(go).ok().flatten();
    LIBRARIES.lock().unwrap_or_else(PoisonError::into_inner).insert(go.to_owned(), made.clone());
    made
}

fn make(go: &Path) -> io::Result<Option<PathBuf>> {
    let root = PathBuf::from(told(go, "GOROOT")?);
    let version = fs::read_to_string(root.join("VERSION"))?;
    let version = version.lines().next().unwrap_or_default().to_owned();
    if root.join("pkg/linux_amd64/fmt.a").exists() {
        return Ok(None);
    }
    let Some(cache) = cache() else { return Ok(None) };
    let layers = cache.join(LAYERS);
    fs::create_dir_all(&layers)?;
    let name = format!("{version}-{:x}", fs::metadata(root.join("VERSION"))?.ino());
    let layer = layers.join(&name);
    // Others wait for whoever makes it.
    let lock = File::create(layers.join(format!("{name}.lock")))?;
    lock.lock()?;
    let complete = layers.join(format!("{name}.complete"));
    if complete.exists() {
        return Ok(Some(layer));
    }
    // Somebody may have been killed over it. What is compiled knows where it lies, so it is made in its place.
    if layer.exists() {
        fs::remove_dir_all(&layer)?;
    }
    link(&root, &layer)?;
    compile(go, &layer, &layers.join(format!("{name}.work")))?;
    File::create(complete)?;
    Ok(Some(layer))
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
