//! What a path says about where it leads, without looking at any file.

/// Where programs may write: the working directory of every sandbox, and what is temporary.
const WRITABLE: [&str; 4] = ["/sandbox", "/tmp", "/var/tmp", "/dev/shm"];

/// Devices that keep nothing.
const STREAMS: [&str; 6] = ["/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/zero", "/dev/full"];

/// Directories without which a system does not run.
const SYSTEM: [&str; 18] = [
    "/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/opt", "/proc", "/root", "/sbin", "/srv", "/sys",
    "/usr", "/var", "~", "C:",
];

/// Where credentials are kept.
const SECRETS: [&str; 16] = [
    "/etc/shadow",
    "/etc/passwd",
    "/etc/gshadow",
    "/etc/sudoers",
    "/etc/ssh/",
    "/root/",
    "/.ssh/",
    "/.aws/",
    "/.gnupg/",
    "/.netrc",
    "/.docker/config",
    "/.kube/config",
    "/.git-credentials",
    "/.pgpass",
    "/run/secrets",
    "/.bash_history",
];

/// Whether a path leads out of the working directory and is not temporary either.
pub(super) fn is_outside(path: &str) -> bool {
    let path = path.strip_prefix("file://").unwrap_or(path);
    let path = path.replace('\\', "/");
    if path.starts_with('~') || is_drive(&path) {
        return true;
    }
    let resolved = resolved(&path);
    if path.starts_with('/') {
        let within =
            |place: &str| resolved.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        return !WRITABLE.into_iter().any(within) && !STREAMS.contains(&resolved.as_str());
    }
    resolved == ".." || resolved.starts_with("../")
}

/// Whether what a database is told has it make or change a file outside the working directory: an address such as
/// `sqlite:////etc/x.db`, or a statement that attaches or copies to what it names in quotes.
pub(super) fn is_database_outside(text: &str) -> bool {
    let address = ["sqlite:///", "duckdb:///"].iter().find_map(|scheme| text.strip_prefix(scheme));
    if let Some(address) = address {
        return is_outside(address);
    }
    let words = text.to_ascii_lowercase();
    let words: Vec<_> = words.split_whitespace().collect();
    let writes = match words.first() {
        Some(&("attach" | "export")) => true,
        Some(&"copy") => words.contains(&"to"),
        Some(&"vacuum") => words.contains(&"into"),
        Some(&"select") => words.contains(&"outfile") || words.contains(&"dumpfile"),
        _ => false,
    };
    writes && text.split(['\'', '"']).skip(1).step_by(2).any(is_outside)
}

/// Whether a path is a directory without which the system does not run, or all that is in one.
pub(super) fn is_system(path: &str) -> bool {
    let bare = path.trim_end_matches('*');
    let bare = if bare.len() > 1 { bare.trim_end_matches(['/', '\\']) } else { bare };
    let bare = if bare.is_empty() && path.starts_with('/') { "/" } else { bare };
    let resolved = if bare.starts_with('/') { resolved(bare) } else { bare.to_owned() };
    SYSTEM.contains(&resolved.as_str()) || SYSTEM[1..16].iter().any(|place| is_below_system(&resolved, place))
}

/// What lies in a directory that a system is made of. Homes, temporary and optional files are not.
fn is_below_system(path: &str, place: &str) -> bool {
    let optional = matches!(place, "/home" | "/opt" | "/srv" | "/root" | "/var" | "/dev");
    let below = path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'));
    below
        && (!optional || path.starts_with("/dev/sd") || path.starts_with("/dev/nvme") || path.starts_with("/dev/vd"))
        && !path.starts_with("/usr/local")
}

/// Whether a path leads to credentials.
pub(super) fn is_secret(path: &str) -> bool {
    let path = path.strip_prefix("file://").unwrap_or(path);
    SECRETS.iter().any(|secret| path.contains(secret)) || path.ends_with("/id_rsa") || path.ends_with("/id_ed25519")
}

/// Whether the environment of a process can be read under a path.
pub(super) fn is_environment(path: &str) -> bool {
    path.starts_with("/proc/") && path.ends_with("/environ")
}

fn is_drive(path: &str) -> bool {
    let mut letters = path.chars();
    letters.next().is_some_and(|letter| letter.is_ascii_alphabetic()) && letters.next() == Some(':')
}

/// A path without `.` and `..`, as far as they can be resolved.
fn resolved(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part != ".." {
            parts.push(part);
        } else if parts.last().is_some_and(|last| *last != "..") {
            parts.pop();
        } else if !path.starts_with('/') {
            parts.push("..");
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{is_database_outside, is_outside, is_system};

    #[test]
    fn paths_are_outside_or_not() {
        for path in [
            "/etc/passwd",
            "../x",
            "a/../../x",
            "~/.bashrc",
            "/sandboxes/x",
            "/tmp/../etc/x",
            "C:\\x",
            "/proc/self/mem",
        ] {
            assert!(is_outside(path), "{path}");
        }
        for path in ["x", "./x", "a/../x", "/sandbox/x", "/tmp/x", "/dev/null", "a..b", "..x", ""] {
            assert!(!is_outside(path), "{path}");
        }
    }

    #[test]
    fn systems_are_made_of_some_directories() {
        for path in ["/", "/*", "/etc", "/etc/", "/usr/bin/python3", "~", "/etc/passwd", "/dev/sda", "//"] {
            assert!(is_system(path), "{path}");
        }
        for path in ["x", "/tmp/x", "/home/me/x", "/usr/local/x", "/sandbox", "/dev/null", "*"] {
            assert!(!is_system(path), "{path}");
        }
    }

    #[test]
    fn databases_are_outside_or_not() {
        for text in [
            "sqlite:////etc/x.db",
            "attach database '/etc/x.db' as e",
            "COPY (select 1) TO '/etc/x.csv' (HEADER)",
            "EXPORT DATABASE '../x'",
            "vacuum into '/etc/y'",
        ] {
            assert!(is_database_outside(text), "{text}");
        }
        for text in [
            "sqlite:///x.db",
            "sqlite:////tmp/x.db",
            "attach 'x.db' as e",
            "copy t from '/data/x.csv'",
            "select '/etc' from t where a = '/etc/x'",
            "insert into t values ('/etc/x')",
        ] {
            assert!(!is_database_outside(text), "{text}");
        }
    }
}
