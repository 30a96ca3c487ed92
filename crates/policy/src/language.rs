use std::fmt;
use std::str::FromStr;

/// A language whose code is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Language {
    /// Python 3, and what of Python 2 still parses.
    Python,
    /// JavaScript as Node.js runs it, as a script or a module.
    JavaScript,
    /// C++, and C, which is read as C++.
    Cpp,
    /// Ruby 3, and what of Ruby 2 still parses.
    Ruby,
    /// R 4.
    R,
    /// Java, as files or as snippets without a class.
    Java,
    /// Go.
    Go,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 7] = [
        Language::Python,
        Language::JavaScript,
        Language::Cpp,
        Language::Ruby,
        Language::R,
        Language::Java,
        Language::Go,
    ];

    /// The language's name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Language::Python => "python",
            Language::JavaScript => "javascript",
            Language::Cpp => "cpp",
            Language::Ruby => "ruby",
            Language::R => "r",
            Language::Java => "java",
            Language::Go => "go",
        }
    }

    /// Whether a file of that name may be loaded as code. Some languages load whatever a program names: then it is
    /// everything that is not called data.
    pub fn may_load(self, name: &str) -> bool {
        let ending = ending(name);
        let is_own = ending.is_some_and(|ending| self.endings().iter().any(|own| own.eq_ignore_ascii_case(ending)));
        let loads_any = matches!(self, Language::JavaScript | Language::Cpp | Language::Ruby | Language::R);
        is_own || (loads_any && !is_data(name))
    }

    /// The endings of its files, without the dot.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Language::Python => &["py", "pyw"],
            Language::JavaScript => &["js", "mjs", "cjs", "jsx", "ts", "mts", "cts"],
            Language::Cpp => &[
                "cpp", "cc", "cxx", "c++", "C", "c", "h", "hh", "hpp", "hxx", "inc", "inl", "ipp", "tcc", "tpp", "ixx",
                "cppm",
            ],
            Language::Ruby => &["rb", "ru", "rake", "gemspec"],
            Language::R => &["R", "r", "Rprofile", "q"],
            Language::Java => &["java"],
            Language::Go => &["go", "c", "h"],
        }
    }

    /// Other names that are understood as well.
    fn aliases(self) -> &'static [&'static str] {
        match self {
            Language::Cpp => &["c++", "cxx", "cplusplus", "c"],
            _ => &[],
        }
    }

    /// The names of all, as a sentence has them.
    fn listed() -> String {
        let names = Language::ALL.map(Language::name);
        names.split_last().map_or_else(String::new, |(last, others)| format!("{} and {last}", others.join(", ")))
    }
}

/// Endings of files that nobody takes for code.
const DATA: &[&str] = &[
    "txt", "csv", "tsv", "json", "jsonl", "ndjson", "yaml", "yml", "toml", "xml", "html", "htm", "css", "md", "rst",
    "log", "ini", "cfg", "conf", "env", "lock", "dat", "data", "bin", "parquet", "feather", "arrow", "avro", "orc",
    "npy", "npz", "pkl", "pickle", "rds", "rda", "rdata", "xlsx", "xls", "ods", "doc", "docx", "pdf", "png", "jpg",
    "jpeg", "gif", "bmp", "tif", "tiff", "svg", "webp", "ico", "wav", "mp3", "ogg", "mp4", "zip", "gz", "tgz", "tar",
    "bz2", "xz", "zst", "7z", "sqlite", "sqlite3", "db", "h5", "hdf5", "tex", "bib", "sql", "pem", "crt", "geojson",
    "shp", "proto", "ttf", "woff", "woff2", "out", "tmp", "bak", "map", "diff", "patch",
];

/// Whether a file of that name is called data.
pub(crate) fn is_data(name: &str) -> bool {
    ending(name).is_some_and(|ending| DATA.iter().any(|data| data.eq_ignore_ascii_case(ending)))
}

fn ending(name: &str) -> Option<&str> {
    let name = name.rsplit('/').next().unwrap_or(name);
    name.rsplit_once('.').map(|(_, ending)| ending)
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A language that no policy understands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no policy understands the language «{0}»; there are {known}", known = Language::listed())]
pub struct UnknownLanguage(pub String);

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(name: &str) -> Result<Self, UnknownLanguage> {
        Language::ALL
            .into_iter()
            .find(|language| language.name() == name || language.aliases().contains(&name))
            .ok_or_else(|| UnknownLanguage(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn languages_are_known_by_their_names() {
        for language in Language::ALL {
            assert_eq!(language.name().parse(), Ok(language));
        }
        assert_eq!("c++".parse(), Ok(Language::Cpp));
        let error = "cobol".parse::<Language>().unwrap_err().to_string();
        assert!(Language::ALL.iter().all(|language| error.contains(language.name())), "{error}");
    }
}
