//! One name for one thing.

/// Modules that others have among their members, as `shutil.os`.
const LEAKED: [&str; 16] = [
    "os",
    "_os",
    "sys",
    "_sys",
    "subprocess",
    "builtins",
    "__builtins__",
    "posix",
    "nt",
    "importlib",
    "ctypes",
    "pty",
    "shutil",
    "socket",
    "_socket",
    "_posixsubprocess",
];

/// Other names of modules and functions.
const SAME: [(&str, &str); 22] = [
    ("_os", "os"),
    ("posix", "os"),
    ("nt", "os"),
    ("posixpath", "os.path"),
    ("ntpath", "os.path"),
    ("_sys", "sys"),
    ("__builtin__", "builtins"),
    ("__builtins__", "builtins"),
    ("_socket", "socket"),
    ("_pickle", "pickle"),
    ("cPickle", "pickle"),
    ("_ctypes", "ctypes"),
    ("_posixsubprocess", "subprocess"),
    ("urllib2", "urllib.request"),
    ("io.open", "open"),
    ("_io.open", "open"),
    ("codecs.open", "open"),
    ("importlib.__import__", "__import__"),
    ("importlib._bootstrap._gcd_import", "importlib.import_module"),
    ("pathlib.PosixPath", "pathlib.Path"),
    ("pathlib.PurePath", "pathlib.Path"),
    ("pathlib.PurePosixPath", "pathlib.Path"),
];

/// The name by which rules know what `path` names.
pub(super) fn canonical(path: &str) -> String {
    let mut path = path;
    if !path.starts_with(['.', '?']) {
        let leaked = path.rmatch_indices('.').map(|(at, _)| (&path[..at], &path[at + 1..])).find(|(module, rest)| {
            let member = rest.split('.').next().unwrap_or(rest);
            // What a call gives is an object, whose members are its own.
            LEAKED.contains(&member) && !module.contains(['(', '[']) && !is_own_member(module, member)
        });
        path = leaked.map_or(path, |(_, rest)| rest);
    }
    let mut resolved = None;
    for (other, name) in SAME {
        if let Some(rest) = path.strip_prefix(other).filter(|rest| rest.is_empty() || rest.starts_with(['.', '('])) {
            resolved = Some(format!("{name}{rest}"));
            break;
        }
    }
    path = resolved.as_deref().unwrap_or(path);
    match path.strip_prefix("builtins.") {
        Some(member) if !member.is_empty() && !member.starts_with("__dict__") => member.to_owned(),
        _ => path.to_owned(),
    }
}

/// Members that are called like a module and are none.
fn is_own_member(module: &str, member: &str) -> bool {
    let module = module.rsplit('.').next().unwrap_or(module);
    matches!((module, member), ("socket" | "asyncio" | "curio" | "trio", "socket"))
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn one_thing_has_one_name() {
        for (path, name) in [
            ("os.system", "os.system"),
            ("posix.system", "os.system"),
            ("builtins.eval", "eval"),
            ("builtins", "builtins"),
            ("builtins.__dict__", "builtins.__dict__"),
            ("shutil.os.system", "os.system"),
            ("random._os.popen", "os.popen"),
            ("os.path.os.system", "os.system"),
            ("socket.socket", "socket.socket"),
            ("io.open", "open"),
            ("pathlib.PurePath()", "pathlib.Path()"),
            (".os.system", ".os.system"),
            ("argparse.ArgumentParser().os.system", "argparse.ArgumentParser().os.system"),
            ("osprey.system", "osprey.system"),
        ] {
            assert_eq!(canonical(path), name, "{path}");
        }
    }
}
