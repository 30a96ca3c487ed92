//! Methods that every object has, and one name for one thing.

use crate::flow::value::Value;

/// Methods of `Kernel` and of every module that matter by themselves.
const FUNCTIONS: [&str; 50] = [
    "system",
    "exec",
    "spawn",
    "fork",
    "`",
    "eval",
    "require",
    "require_relative",
    "load",
    "autoload",
    "open",
    "syscall",
    "binding",
    "trap",
    "set_trace_func",
    "trace_var",
    "sprintf",
    "format",
    "String",
    "Integer",
    "Array",
    "Pathname",
    "URI",
    "lambda",
    "proc",
    "include",
    "extend",
    "prepend",
    "define_method",
    "alias_method",
    "attr_accessor",
    "attr_reader",
    "attr_writer",
    "attr",
    "delegate",
    "public",
    "module_function",
    "public_class_method",
    "def_delegators",
    "sh",
    "test",
    "readlines",
    "exit!",
    "fail",
    "raise",
    "puts",
    "print",
    "p",
    "pp",
    "warn",
];

/// Those that reach the system, whatever they are called on.
const PRIVATE: [&str; 11] =
    ["system", "exec", "spawn", "fork", "`", "eval", "require", "require_relative", "syscall", "binding", "trap"];

/// Other names of modules and methods.
const SAME: [(&str, &str); 26] = [
    ("Process.spawn", "spawn"),
    ("Process.exec", "exec"),
    ("Process.fork", "fork"),
    ("Signal.trap", "trap"),
    ("File.popen", "IO.popen"),
    ("File.new", "File.open"),
    ("IO.new", "IO.open"),
    ("File.unlink", "File.delete"),
    ("Dir.unlink", "Dir.delete"),
    ("Dir.rmdir", "Dir.delete"),
    ("Dir.getwd", "Dir.pwd"),
    ("Dir.[]", "Dir.glob"),
    ("File.write", "IO.write"),
    ("File.binwrite", "IO.write"),
    ("IO.binwrite", "IO.write"),
    ("File.read", "IO.read"),
    ("File.binread", "IO.read"),
    ("IO.binread", "IO.read"),
    ("File.readlines", "IO.readlines"),
    ("File.foreach", "IO.foreach"),
    ("FileUtils::Verbose", "FileUtils"),
    ("FileUtils::DryRun", "FileUtils"),
    ("Psych", "YAML"),
    ("Pathname", "Pathname.new"),
    ("TOPLEVEL_BINDING", "binding()"),
    ("Kernel.open", "open"),
];

/// What a method called on nothing is, where the code has none of that name.
pub(super) fn function(name: &str) -> Option<Value> {
    FUNCTIONS.contains(&name).then(|| Value::named(name))
}

/// Whether a name is one of a method that reaches the system, whatever it is called on.
pub(super) fn is_private(name: &str) -> bool {
    PRIVATE.contains(&name)
}

/// Whether such a name may begin and end like this.
pub(super) fn may_be_private(beginning: &str, end: &str) -> bool {
    PRIVATE.iter().any(|name| name.starts_with(beginning) && name.ends_with(end))
}

/// The name by which rules know what `path` names.
pub(super) fn canonical(path: &str) -> String {
    let path = path.strip_prefix("Kernel.").or_else(|| path.strip_prefix("Object::")).unwrap_or(path);
    let path = path.strip_prefix("Kernel::").unwrap_or(path);
    for (other, name) in SAME {
        let is_function = other == "Pathname";
        let Some(rest) = path.strip_prefix(other) else { continue };
        if (rest.is_empty() && !is_function) || rest.starts_with('(') || (!is_function && rest.starts_with(['.', ':']))
        {
            return format!("{name}{rest}");
        }
    }
    path.to_owned()
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn one_thing_has_one_name() {
        for (path, name) in [
            ("Kernel.system", "system"),
            ("Object::File", "File"),
            ("Process.spawn", "spawn"),
            ("File.unlink", "File.delete"),
            ("FileUtils::Verbose.rm_rf", "FileUtils.rm_rf"),
            ("Pathname", "Pathname"),
            ("Pathname.new", "Pathname.new"),
            ("Processor.spawn", "Processor.spawn"),
        ] {
            assert_eq!(canonical(path), name, "{path}");
        }
    }
}
