use std::{
    collections::HashMap,
    env, fs,
    io::Read,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError},
};

use super::{Language, Recipe, probe};
use crate::Error;

/// What every sandbox of a host shows anyway.
const ALWAYS_SHOWN: [&str; 5] = ["/usr", "/bin", "/lib", "/lib64", "/sbin"];

/// How many links are followed to find everything on the way to a program.
const LINKS_MOST: usize = 16;

/// An interpreter and what has to be shown for it to work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Interpreter {
    /// The program to start.
    pub(crate) program: PathBuf,
    /// What to show read-only at the same path.
    pub(crate) toolchains: Vec<PathBuf>,
}

/// What was found, or is being asked for: whoever needs it meanwhile waits for the one answer.
type Asked = Arc<OnceLock<Result<Interpreter, String>>>;

static FOUND: LazyLock<Mutex<HashMap<(Language, PathBuf), Asked>>> = LazyLock::new(Mutex::default);

/// Finds a language's interpreter on this host: the path given, the override in the environment, or the search path.
///
/// It may run the interpreter once; do not call it on an asynchronous thread.
pub(crate) fn find(language: Language, given: Option<&Path>) -> Result<Interpreter, Error> {
    let recipe = language.recipe();
    if let Some(path) = given.filter(|path| !is_program(path)) {
        let reason = format!("{} is not a program", path.display());
        return Err(Error::invalid("interpreter", reason).with_remedy("give the path of an executable file"));
    }
    let missing = |reason: String| Error::InterpreterMissing {
        language: language.name(),
        reason,
        remedy: format!(
            "install it (on Debian and Ubuntu: apt install {}), or name one by interpreter() or {}",
            recipe.package, recipe.variable
        ),
    };
    let candidate = candidate(recipe, given).map_err(missing)?;
    let key = (language, candidate);
    let asked = Arc::clone(FOUND.lock().unwrap_or_else(PoisonError::into_inner).entry(key.clone()).or_default());
    let found = asked.get_or_init(|| inspect(recipe, &key.1)).clone();
    if found.is_err() {
        // What failed now may work later.
        let mut known = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
        if known.get(&key).is_some_and(|known| Arc::ptr_eq(known, &asked)) {
            known.remove(&key);
        }
    }
    found.map_err(missing)
}

fn candidate(recipe: &Recipe, given: Option<&Path>) -> Result<PathBuf, String> {
    let named = given.map(Path::to_owned).or_else(|| env::var_os(recipe.variable).map(PathBuf::from));
    if let Some(path) = named {
        let path = std::path::absolute(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        return if is_program(&path) { Ok(path) } else { Err(format!("{} is not a program", path.display())) };
    }
    let search = env::var_os("PATH").unwrap_or_default();
    let directories: Vec<PathBuf> = env::split_paths(&search).filter(|path| path.is_absolute()).collect();
    let names = recipe.programs.iter();
    let mut candidates = names.flat_map(|name| directories.iter().map(move |directory| directory.join(name)));
    candidates.find(|path| is_program(path)).ok_or_else(|| format!("no {} on PATH", recipe.programs.join(" or ")))
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

fn inspect(recipe: &Recipe, candidate: &Path) -> Result<Interpreter, String> {
    let real = candidate.canonicalize().map_err(|error| format!("{}: {error}", candidate.display()))?;
    if is_elf(&real) && is_shown(&real, &[]) && is_shown(candidate, &[]) {
        return Ok(Interpreter { program: candidate.to_owned(), toolchains: Vec::new() });
    }
    let answer = probe::ask(candidate, recipe.question)?;
    let (program, prefixes) = answer.split_first().ok_or_else(|| format!("{} said nothing", candidate.display()))?;
    let mut toolchains = Vec::new();
    for prefix in prefixes {
        let real = prefix.canonicalize().map_err(|error| format!("{}: {error}", prefix.display()))?;
        for path in [prefix.clone(), real] {
            refuse_wide(&path)?;
            show(path, &mut toolchains);
        }
    }
    show_links(program, &mut toolchains)?;
    Ok(Interpreter { program: program.clone(), toolchains })
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
