use std::{
    collections::HashMap,
    env,
    ffi::OsString,
    fs,
    io::Read,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use super::{LanguageSpec, Layer, Tool, go::standard_library, probe};
use crate::{Error, own::Own};

/// What every sandbox of a host shows anyway.
const ALWAYS_SHOWN: [&str; 5] = ["/usr", "/bin", "/lib", "/lib64", "/sbin"];

/// How many links are followed to find everything on the way to a program.
const LINKS_MOST: usize = 16;

/// What compiles and runs a language, and what has to be shown for it to work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Toolchain {
    /// The programs to start, by the spec's tools.
    pub(crate) programs: Vec<PathBuf>,
    /// What to show read-only at the same path.
    pub(crate) shown: Vec<PathBuf>,
    /// What the programs must find in their environment.
    pub(crate) environment: Vec<(OsString, OsString)>,
}

/// One program and what has to be shown for it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    program: PathBuf,
    shown: Vec<PathBuf>,
}

/// What was found, or is being asked for: whoever needs it meanwhile waits for the one answer.
type Asked = Arc<OnceLock<Result<Found, String>>>;

/// A forked child asks anew: whoever was asking in its parent is not there to answer it.
static FOUND: Own<Mutex<HashMap<(String, PathBuf), Asked>>> = Own::new(Mutex::default);

/// Finds a language's programs on this host: by the path given for the first, the override in the environment, or the
/// search path.
///
/// It may run some of them once, and make what is made once per host; do not call it on an asynchronous thread.
pub(crate) fn find(spec: &LanguageSpec, given: Option<&Path>) -> Result<Toolchain, Error> {
    let mut toolchain = find_tools(spec, given)?;
    if spec.layer == Some(Layer::GoStandardLibrary) {
        // Without it all is slower and the same.
        if let Some(library) = standard_library(&toolchain.programs[0]) {
            toolchain.shown.push(library.clone());
            toolchain.environment.push(("GOROOT".into(), library.into()));
            toolchain.environment.push(("GODEBUG".into(), "installgoroot=all".into()));
        }
    }
    Ok(toolchain)
}

/// The same without what is made once per host.
pub(super) fn find_tools(spec: &LanguageSpec, given: Option<&Path>) -> Result<Toolchain, Error> {
    if let Some(path) = given.filter(|path| !is_program(path)) {
        let reason = format!("{} is not a program", path.display());
        return Err(Error::invalid("interpreter", reason).with_remedy("give the path of an executable file"));
    }
    let mut toolchain = Toolchain { programs: Vec::new(), shown: Vec::new(), environment: Vec::new() };
    for (at, tool) in spec.tools.iter().enumerate() {
        let found = find_tool(spec, tool, given.filter(|_| at == 0))?;
        toolchain.programs.push(found.program);
        for path in found.shown.into_iter().chain(tool.beside.iter().filter(|path| path.exists()).cloned()) {
            show(path, &mut toolchain.shown);
        }
    }
    Ok(toolchain)
}

fn find_tool(spec: &LanguageSpec, tool: &Tool, given: Option<&Path>) -> Result<Found, Error> {
    let missing = |reason: String| Error::InterpreterMissing {
        language: spec.name.clone(),
        reason,
        remedy: match &tool.variable {
            Some(variable) => format!(
                "install it (on Debian and Ubuntu: apt install {}), or name one: the session's interpreter, --interpreter or {variable}",
                tool.package
            ),
            None => format!("install it (on Debian and Ubuntu: apt install {})", tool.package),
        },
    };
    let candidate = candidate(tool, given).map_err(missing)?;
    let key = (tool.name.clone(), candidate);
    let cache = FOUND.get();
    let asked = Arc::clone(cache.lock().unwrap_or_else(PoisonError::into_inner).entry(key.clone()).or_default());
    let found = asked.get_or_init(|| inspect(tool, &key.1)).clone();
    if found.is_err() {
        // What failed now may work later.
        let mut known = cache.lock().unwrap_or_else(PoisonError::into_inner);
        if known.get(&key).is_some_and(|known| Arc::ptr_eq(known, &asked)) {
            known.remove(&key);
        }
    }
    found.map_err(missing)
}

fn candidate(tool: &Tool, given: Option<&Path>) -> Result<PathBuf, String> {
    let named = || tool.variable.as_ref().and_then(env::var_os).map(PathBuf::from);
    if let Some(path) = given.map(Path::to_owned).or_else(named) {
        let path = std::path::absolute(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        return if is_program(&path) { Ok(path) } else { Err(format!("{} is not a program", path.display())) };
    }
    let search = env::var_os("PATH").unwrap_or_default();
    let directories: Vec<PathBuf> = env::split_paths(&search).filter(|path| path.is_absolute()).collect();
    let names = tool.programs.iter();
    let mut candidates = names.flat_map(|name| directories.iter().map(move |directory| directory.join(name)));
    candidates.find(|path| is_program(path)).ok_or_else(|| format!("no {} on PATH", tool.programs.join(" or ")))
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

fn inspect(tool: &Tool, candidate: &Path) -> Result<Found, String> {
    let real = candidate.canonicalize().map_err(|error| format!("{}: {error}", candidate.display()))?;
    if is_elf(&real) && is_shown(&real, &[]) && is_shown(candidate, &[]) {
        return Ok(Found { program: candidate.to_owned(), shown: outside_of(&real) });
    }
    if tool.question.is_empty() {
        return beside_bin(candidate, real);
    }
    let question: Vec<&str> = tool.question.iter().map(String::as_str).collect();
    let answer = probe::ask(candidate, &question)?;
    let (program, prefixes) = answer.split_first().ok_or_else(|| format!("{} said nothing", candidate.display()))?;
    let mut shown = Vec::new();
    for prefix in prefixes {
        let real = prefix.canonicalize().map_err(|error| format!("{}: {error}", prefix.display()))?;
        for path in [prefix.clone(), real] {
            refuse_wide(&path)?;
            show(path, &mut shown);
        }
    }
    show_links(program, &mut shown)?;
    Ok(Found { program: program.clone(), shown })
}

/// A program in the `bin` of an installation of its own.
fn beside_bin(candidate: &Path, real: PathBuf) -> Result<Found, String> {
    let prefix = real.parent().filter(|bin| bin.ends_with("bin")).and_then(Path::parent);
    let prefix = prefix.ok_or_else(|| format!("{} lies in no bin directory", real.display()))?;
    if !is_shown(prefix, &[]) {
        refuse_wide(prefix)?;
    }
    if !is_elf(&real) {
        return Err(format!("{} is a script, which may start anything", candidate.display()));
    }
    let mut shown = outside_of(&real);
    show(prefix.to_owned(), &mut shown);
    Ok(Found { program: real, shown })
}

/// Directories in `/etc` that links in the installation of a program lead to: Debian keeps Java's settings there.
fn outside_of(program: &Path) -> Vec<PathBuf> {
    let installation = program.parent().and_then(Path::parent);
    let Some(installation) = installation.filter(|path| path.starts_with("/usr/lib") && path.components().count() > 3)
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for directory in ["conf", "conf/security", "lib", "lib/security", "etc"] {
        let entries = fs::read_dir(installation.join(directory)).into_iter().flatten().flatten();
        for target in entries.filter_map(|entry| fs::read_link(entry.path()).ok()) {
            let Ok(inside) = target.strip_prefix("/etc") else { continue };
            let package = inside.components().next().map(|first| Path::new("/etc").join(first));
            if let Some(package) = package.filter(|package| package.is_dir() && inside.components().count() > 1) {
                show(package, &mut found);
            }
        }
    }
    found
}

/// A prefix as wide as a home directory would show what is nobody's business.
fn refuse_wide(prefix: &Path) -> Result<(), String> {
    let home = env::var_os("HOME").map(PathBuf::from);
    let is_home = home.is_some_and(|home| home.starts_with(prefix));
    let is_wide = prefix.components().count() < 2 || prefix.parent() == Some(Path::new("/home"));
    if !prefix.is_absolute() || is_home || is_wide {
        return Err(format!("its prefix {} is too wide to be shown to sandboxes", prefix.display()));
    }
    Ok(())
}

fn show(path: PathBuf, toolchains: &mut Vec<PathBuf>) {
    if !is_shown(&path, toolchains) {
        toolchains.push(path);
    }
}

fn is_shown(path: &Path, toolchains: &[PathBuf]) -> bool {
    ALWAYS_SHOWN.iter().map(Path::new).chain(toolchains.iter().map(PathBuf::as_path)).any(|root| path.starts_with(root))
}

/// Shows each link on the way to the program that no prefix holds, as a file of its own.
fn show_links(program: &Path, toolchains: &mut Vec<PathBuf>) -> Result<(), String> {
    let mut path = program.to_owned();
    for _ in 0..LINKS_MOST {
        show(path.clone(), toolchains);
        match fs::read_link(&path) {
            Ok(target) => path = follow(&path, &target)?,
            Err(_) if path.is_file() => return Ok(()),
            Err(error) => return Err(format!("{}: {error}", path.display())),
        }
    }
    Err(format!("{} is a link to a link, too often", program.display()))
}

/// Where a link points, without `..` on the way.
fn follow(link: &Path, target: &Path) -> Result<PathBuf, String> {
    let joined = link.parent().unwrap_or(Path::new("/")).join(target);
    let (Some(parent), Some(name)) = (joined.parent(), joined.file_name()) else { return Ok(joined) };
    parent.canonicalize().map(|parent| parent.join(name)).map_err(|error| format!("{}: {error}", joined.display()))
}

fn is_elf(path: &Path) -> bool {
    let mut magic = [0; 4];
    fs::File::open(path).and_then(|mut file| file.read_exact(&mut magic)).is_ok() && magic == *b"\x7fELF"
}
