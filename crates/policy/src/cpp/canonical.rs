//! One name for one thing.

/// Functions of C that `std` has as well.
const OF_C: [&str; 40] = [
    "system",
    "getenv",
    "remove",
    "rename",
    "fopen",
    "freopen",
    "fclose",
    "tmpfile",
    "tmpnam",
    "exit",
    "_Exit",
    "quick_exit",
    "abort",
    "atexit",
    "signal",
    "raise",
    "printf",
    "fprintf",
    "sprintf",
    "snprintf",
    "vsnprintf",
    "scanf",
    "sscanf",
    "fscanf",
    "puts",
    "fputs",
    "fgets",
    "fread",
    "fwrite",
    "strcpy",
    "strncpy",
    "strcat",
    "strncat",
    "memcpy",
    "strlen",
    "malloc",
    "free",
    "qsort",
    "bsearch",
    "FILE",
];

/// Other names of namespaces and what is in them; what follows the name follows what it stands for.
const SAME_NAMESPACE: [(&str, &str); 9] = [
    ("std::experimental::filesystem", "std::filesystem"),
    ("std::__fs::filesystem", "std::filesystem"),
    ("std::__cxx11", "std"),
    ("std::__1", "std"),
    ("std::ios_base", "std::ios"),
    ("boost::filesystem", "std::filesystem"),
    ("ghc::filesystem", "std::filesystem"),
    ("boost::process::v1", "boost::process"),
    ("boost::process::v2", "boost::process"),
];

/// Other names of single things.
const SAME: [(&str, &str); 34] = [
    ("std::basic_ofstream", "std::ofstream"),
    ("std::basic_ifstream", "std::ifstream"),
    ("std::basic_fstream", "std::fstream"),
    ("std::wofstream", "std::ofstream"),
    ("std::wifstream", "std::ifstream"),
    ("std::wfstream", "std::fstream"),
    ("std::basic_filebuf", "std::filebuf"),
    ("std::basic_string", "std::string"),
    ("std::basic_string_view", "std::string_view"),
    ("std::wstring", "std::string"),
    ("std::u8string", "std::string"),
    ("std::wstring_view", "std::string_view"),
    ("boost::filesystem::ofstream", "std::ofstream"),
    ("boost::filesystem::ifstream", "std::ifstream"),
    ("std::filesystem::ofstream", "std::ofstream"),
    ("std::filesystem::ifstream", "std::ifstream"),
    ("std::filesystem::fstream", "std::fstream"),
    ("fopen64", "fopen"),
    ("freopen64", "freopen"),
    ("open64", "open"),
    ("__open", "open"),
    ("openat64", "openat"),
    ("creat64", "creat"),
    ("mmap64", "mmap"),
    ("truncate64", "truncate"),
    ("secure_getenv", "getenv"),
    ("__secure_getenv", "getenv"),
    ("_environ", "environ"),
    ("__environ", "environ"),
    ("__libc_system", "system"),
    ("__libc_fork", "fork"),
    ("__fork", "fork"),
    ("_IO_popen", "popen"),
    ("__libc_dlsym", "dlsym"),
];

/// The name by which rules know what `path` names.
pub(super) fn canonical(path: &str) -> String {
    let mut path = path.trim_start_matches("::").to_owned();
    for (other, name) in SAME_NAMESPACE {
        if let Some(rest) = path.strip_prefix(other).filter(|rest| rest.is_empty() || rest.starts_with("::")) {
            path = format!("{name}{rest}");
        }
    }
    if let Some((_, name)) = SAME.iter().find(|(other, _)| *other == path) {
        return (*name).to_owned();
    }
    match path.strip_prefix("std::") {
        Some(name) if OF_C.contains(&name) => name.to_owned(),
        _ => path,
    }
}

/// Functions of `std::filesystem` that are found through the type of what they are given.
pub(super) fn by_argument(name: &str) -> Option<&'static str> {
    Some(match name {
        "remove_all" => "std::filesystem::remove_all",
        "create_directory" => "std::filesystem::create_directory",
        "create_directories" => "std::filesystem::create_directories",
        "create_symlink" => "std::filesystem::create_symlink",
        "create_hard_link" => "std::filesystem::create_hard_link",
        "copy_file" => "std::filesystem::copy_file",
        "resize_file" => "std::filesystem::resize_file",
        "permissions" => "std::filesystem::permissions",
        "current_path" => "std::filesystem::current_path",
        _ => return None,
    })
}

/// What a name of `std` is that is used without `std`; nothing where it is left to C.
pub(super) fn of_std(name: &str) -> String {
    canonical(&format!("std::{name}"))
}
