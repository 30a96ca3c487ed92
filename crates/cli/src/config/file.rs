//! The config file: where it is, and what it says.

use std::{
    collections::BTreeMap,
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    rc::Rc,
};

use llm_sandbox::{Error, core::nearest};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    layer::{Entry, Layer},
    origin::Origin,
    setting::{COMMAND_LINE_ONLY, SETTINGS, Setting},
    value,
    variables::variable,
};
use crate::shared::plain;

/// The variable that names the file.
const VARIABLE: &str = "LLM_SANDBOX_CONFIG";

/// Longer than any config file, in bytes.
const LONGEST: u64 = 1 << 20;

/// What everybody but owner and group may do to a file: write.
const WRITABLE_BY_ALL: u32 = 0o002;

/// Where the file is, or would be.
#[derive(Debug)]
pub(crate) struct Place {
    /// Its path.
    pub(crate) path: PathBuf,
    /// Whether a variable names it, so that it has to be there.
    is_named: bool,
}

impl Place {
    /// The file that the variable names, else the usual one; `None` where there is no home for it.
    pub(crate) fn find() -> Option<Self> {
        if let Some(path) = variable(VARIABLE) {
            return Some(Self { path: path.into(), is_named: true });
        }
        let absolute = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let directory = absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")))?;
        Some(Self { path: directory.join("llm-sandbox/config.toml"), is_named: false })
    }
}

/// What the file says.
#[derive(Debug, Default)]
pub(crate) struct File {
    /// Settings of `[defaults]`.
    pub(crate) defaults: Layer,
    /// Settings of each `[profiles.NAME]`.
    pub(crate) profiles: BTreeMap<String, Layer>,
}

impl File {
    /// Reads it; `None` where there is none, which must not be so if it was named.
    pub(crate) fn read(place: &Place) -> Result<Option<Self>, Error> {
        let path = &place.path;
        let invalid = |reason: String, remedy: String| {
            Error::invalid(format!("config file {}", path.display()), reason).with_remedy(remedy)
        };
        let text = match read_bounded(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound && !place.is_named => return Ok(None),
            Err(error) => return Err(invalid(plain(&error), format!("write one there, or unset {VARIABLE}"))),
        };
        if is_writable_by_all(path) {
            let reason = "everybody can write to it, and so choose what code gets to see".to_owned();
            return Err(invalid(reason, format!("chmod o-w {}", path.display())));
        }
        Source { path: Rc::new(path.clone()), text: &text }.parse().map(Some)
    }

    /// The settings of a profile.
    pub(crate) fn profile(&self, name: &str) -> Result<&Layer, Error> {
        self.profiles.get(name).ok_or_else(|| {
            let all: Vec<_> = self.profiles.keys().map(String::as_str).collect();
            let remedy = match nearest(name, all.iter().copied()) {
                Some(nearest) => format!("did you mean {nearest:?}? There are: {}", all.join(", ")),
                None if all.is_empty() => format!("the config file has none; write [profiles.{name}] into it"),
                None => format!("there are: {}", all.join(", ")),
            };
            Error::invalid("profile", format!("{name:?} is unknown")).with_remedy(remedy)
        })
    }
}

fn read_bounded(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let mut file = io::Read::take(fs::File::open(path)?, LONGEST + 1);
    io::Read::read_to_string(&mut file, &mut text)?;
    if text.len() as u64 > LONGEST {
        return Err(io::Error::other(format!("it has more than {LONGEST} bytes")));
    }
    Ok(text)
}

/// Devices such as /dev/null are nobody's config.
fn is_writable_by_all(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.mode() & WRITABLE_BY_ALL != 0)
}

/// A file that is being read.
struct Source<'a> {
    path: Rc<PathBuf>,
    text: &'a str,
}

impl Source<'_> {
    fn parse(&self) -> Result<File, Error> {
        let document = DeTable::parse(self.text).map_err(|error| {
            let reason = error.message().lines().collect::<Vec<_>>().join("; ");
            let remedy = "write TOML: [defaults] and [profiles.NAME], in them lines such as timeout = 10";
            self.invalid(error.span().map_or(0, |span| span.start), reason, remedy)
        })?;
        let mut file = File::default();
        for (key, value) in document.get_ref() {
            match key.get_ref().as_ref() {
                "defaults" => file.defaults = self.section(key, value)?,
                "profiles" => {
                    for (name, settings) in self.table(key, value)? {
                        file.profiles.insert(name.get_ref().to_string(), self.section(name, settings)?);
                    }
                }
                other => return Err(self.unknown_section(key.span().start, other)),
            }
        }
        Ok(file)
    }

    fn section(&self, key: &Spanned<std::borrow::Cow<'_, str>>, value: &Spanned<DeValue<'_>>) -> Result<Layer, Error> {
        let mut layer = Layer::new();
        let mut lines: Vec<_> = self.table(key, value)?.iter().collect();
        lines.sort_by_key(|(name, _)| name.span().start);
        for (name, value) in lines {
            let setting =
                Setting::named(name.get_ref()).ok_or_else(|| self.unknown(name.span().start, name.get_ref()))?;
            let at = name.span().start;
            self.refuse_second_choice(&layer, setting, at)?;
            for (at, word) in value::words(setting, value).map_err(|error| error.at(|at| self.origin(at)))? {
                layer.push(Entry { setting, word, origin: self.origin(at) });
            }
        }
        Ok(layer)
    }

    fn refuse_second_choice(&self, layer: &Layer, setting: &Setting, at: usize) -> Result<(), Error> {
        let names = setting.choice();
        match layer.iter().find(|entry| entry.setting.name != setting.name && names.contains(&entry.setting.name)) {
            None => Ok(()),
            Some(other) => {
                let reason = format!(
                    "{} stands beside {}, and both say what the container is",
                    setting.name, other.setting.name
                );
                Err(self.invalid(at, reason, "keep one of them, or move one to a profile"))
            }
        }
    }

    fn table<'a>(
        &self,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &'a Spanned<DeValue<'a>>,
    ) -> Result<&'a DeTable<'a>, Error> {
        value.get_ref().as_table().ok_or_else(|| {
            let reason = format!("{} is {}, not a table", key.get_ref(), value.get_ref().type_str());
            self.invalid(key.span().start, reason, "write [defaults] or [profiles.NAME] above the settings")
        })
    }

    fn unknown_section(&self, at: usize, name: &str) -> Error {
        let remedy = match Setting::named(name) {
            Some(_) => format!("put {name} below [defaults] or [profiles.NAME]"),
            None => "write [defaults] and [profiles.NAME]".to_owned(),
        };
        self.invalid(at, format!("{name:?} is none of defaults and profiles"), &remedy)
    }

    fn unknown(&self, at: usize, name: &str) -> Error {
        if COMMAND_LINE_ONLY.contains(&name) {
            return self.invalid(at, format!("{name} is for the command line only"), "remove it here");
        }
        let remedy = match nearest(name, SETTINGS.iter().map(|setting| setting.name)) {
            Some(nearest) => format!("did you mean {nearest:?}? llm-sandbox config shows every setting"),
            None => "llm-sandbox config shows every setting".to_owned(),
        };
        self.invalid(at, format!("setting {name:?} is unknown"), &remedy)
    }

    fn origin(&self, at: usize) -> Origin {
        let line = 1 + self.text.bytes().take(at).filter(|byte| *byte == b'\n').count();
        Origin::File { path: self.path.clone(), line }
    }

    fn invalid(&self, at: usize, reason: impl Into<String>, remedy: &str) -> Error {
        Error::invalid(self.origin(at).to_string(), reason).with_remedy(remedy)
    }
}
