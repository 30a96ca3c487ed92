//! Imports, and comments that tell the compiler something.

use super::Go;
use crate::facts::{Arguments, Dynamic};
use crate::flow::value::Value;
use crate::flow::walk::Seen;

/// Packages of the standard library that snippets use without importing them.
const USUAL: [(&str, &str); 24] = [
    ("exec", "os/exec"),
    ("os", "os"),
    ("syscall", "syscall"),
    ("net", "net"),
    ("http", "net/http"),
    ("ioutil", "io/ioutil"),
    ("filepath", "path/filepath"),
    ("fmt", "fmt"),
    ("strings", "strings"),
    ("unsafe", "unsafe"),
    ("plugin", "plugin"),
    ("reflect", "reflect"),
    ("bytes", "bytes"),
    ("base64", "encoding/base64"),
    ("hex", "encoding/hex"),
    ("path", "path"),
    ("rpc", "net/rpc"),
    ("smtp", "net/smtp"),
    ("tls", "crypto/tls"),
    ("strconv", "strconv"),
    ("httputil", "net/http/httputil"),
    ("io", "io"),
    ("user", "os/user"),
    ("unix", "golang.org/x/sys/unix"),
];

/// Packages that are another by a new name.
const SAME: [(&str, &str); 8] = [
    ("io/ioutil.ReadFile", "os.ReadFile"),
    ("io/ioutil.WriteFile", "os.WriteFile"),
    ("io/ioutil.ReadDir", "os.ReadDir"),
    ("io/ioutil.TempFile", "os.CreateTemp"),
    ("io/ioutil.TempDir", "os.MkdirTemp"),
    ("path.Join", "path/filepath.Join"),
    ("golang.org/x/sys/execabs.Command", "os/exec.Command"),
    ("golang.org/x/sys/execabs.CommandContext", "os/exec.CommandContext"),
];

impl Go {
    /// `import "p"`, `import n "p"`, `import . "p"`, `import _ "p"`.
    pub(super) fn import_spec(&mut self, node: &Seen<'_>) {
        let path = node.value("path");
        let Some(path) = path.whole_text() else { return };
        let span = node.node.byte_range();
        let alias = node.part("name");
        let takes_all = alias.is_some_and(|alias| alias.kind == "dot").then_some("*");
        self.reading.collected.import(path, takes_all, true, span.clone());
        if path == "C" {
            // What stands in the comment before it is C.
            self.reading.collected.dynamic(Dynamic::Code, "C", span);
        }
        match alias {
            Some(alias) if alias.kind == "dot" => self.dots.push(path.into()),
            Some(alias) if alias.kind == "blank_identifier" => {}
            Some(alias) => {
                let name = self.reading.text(alias.node);
                self.reading.scopes.bind(&name, Value::named(path));
            }
            None => {
                for name in names_of(path) {
                    self.reading.scopes.bind(&name, Value::named(path));
                }
            }
        }
    }

    /// `//go:linkname` and its like.
    pub(super) fn comment(&mut self, node: &Seen<'_>) {
        let text = self.reading.text(node.node);
        let Some(directive) = text.strip_prefix("//go:") else { return };
        let (name, rest) = directive.split_once(char::is_whitespace).unwrap_or((directive, ""));
        let positional = vec![crate::facts::Argument::Text(rest.trim().to_owned())];
        let given = || Arguments { positional, ..Arguments::default() };
        self.reading.collected.call_of(&format!("go:{name}"), given, &node.node.byte_range());
    }

    /// A package that is used without an import, if a name is that of one.
    pub(super) fn usual(&mut self, name: &str, span: &std::ops::Range<usize>) -> Value {
        match USUAL.iter().find(|(usual, _)| *usual == name && !self.is_part) {
            Some((_, path)) => {
                self.reading.collected.import(path, None, false, span.clone());
                Value::named(*path)
            }
            None => Value::Unknown,
        }
    }
}

/// The names that a package may go by: the last part of its path, without a version and without what says that it is Go.
fn names_of(path: &str) -> Vec<String> {
    let is_version = |part: &str| part.strip_prefix('v').is_some_and(|rest| rest.parse::<u32>().is_ok());
    let last = path.rsplit('/').find(|part| !is_version(part)).unwrap_or(path);
    let (bare, _) = last.rsplit_once(".v").filter(|(_, version)| version.parse::<u32>().is_ok()).unwrap_or((last, ""));
    let short = bare.strip_prefix("go-").unwrap_or(bare);
    let short = short.strip_suffix("-go").or_else(|| short.strip_suffix(".go")).unwrap_or(short);
    let mut names = vec![bare.replace('-', "_"), short.replace('-', "_"), bare.replace('-', "")];
    names.sort();
    names.dedup();
    names
}

/// The name by which rules know what `path` names.
pub(super) fn canonical(path: String) -> String {
    SAME.iter().find(|(other, _)| *other == path).map_or(path, |(_, name)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::names_of;

    #[test]
    fn packages_go_by_the_last_part_of_their_path() {
        for (path, name) in [
            ("os/exec", "exec"),
            ("math/rand/v2", "rand"),
            ("gopkg.in/yaml.v3", "yaml"),
            ("github.com/mattn/go-sqlite3", "sqlite3"),
            ("github.com/a/b-c", "b_c"),
        ] {
            assert!(names_of(path).iter().any(|known| known == name), "{path}");
        }
    }
}
