use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use llm_sandbox_core::Error;

/// A file that says how an image is built, with its directory as the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dockerfile {
    pub(super) path: PathBuf,
    pub(super) directory: PathBuf,
    pub(super) name: String,
    /// The images that it begins with or copies from, as far as they are named.
    pub(super) bases: Vec<String>,
}

impl Dockerfile {
    /// Reads it as far as it can be known to be none.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] where nothing is there, where it is no file, or where nothing is in it;
    /// [`Error::HostFile`] where it cannot be read.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let invalid = |reason: &str| Error::invalid(format!("dockerfile {}", path.display()), reason);
        let source = match fs::read(path) {
            Ok(source) => source,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Err(invalid("nothing is there").with_remedy("name a file that is there"));
            }
            Err(error) if error.kind() == ErrorKind::IsADirectory => {
                return Err(
                    invalid("it is a directory").with_remedy("name the file itself, such as DIRECTORY/Dockerfile")
                );
            }
            Err(source) => return Err(Error::HostFile { operation: "read", path: path.to_owned(), source }),
        };
        let source = String::from_utf8(source).map_err(|_| invalid("it is not UTF-8"))?;
        if instructions(&source).next().is_none() {
            return Err(invalid("it is empty").with_remedy("begin it with FROM and an image"));
        }
        let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(|| invalid("its name is not UTF-8"))?;
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Ok(Self {
            path: path.to_owned(),
            directory: directory.to_owned(),
            name: name.to_owned(),
            bases: bases(&source),
        })
    }
}

/// Its lines without comments and empty ones.
fn instructions(source: &str) -> impl Iterator<Item = &str> {
    source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn bases(source: &str) -> Vec<String> {
    let (mut bases, mut stages) = (Vec::new(), vec!["scratch".to_owned()]);
    for line in instructions(source) {
        let mut words = line.split_whitespace();
        let instruction = words.next().unwrap_or_default().to_ascii_uppercase();
        let base = match instruction.as_str() {
            "FROM" => words.find(|word| !word.starts_with("--")),
            "COPY" => words.find_map(|word| word.strip_prefix("--from=")),
            _ => None,
        };
        // Stages are named, or numbered.
        let is_image =
            |base: &&str| !stages.iter().any(|stage| stage.eq_ignore_ascii_case(base)) && base.parse::<u32>().is_err();
        bases.extend(base.filter(is_image).map(str::to_owned));
        if instruction == "FROM" && words.next().is_some_and(|word| word.eq_ignore_ascii_case("AS")) {
            stages.extend(words.next().map(str::to_owned));
        }
    }
    bases.sort();
    bases.dedup();
    bases
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_images_that_it_needs_are_found() {
        let source = "# syntax\nARG V=1\nfrom --platform=linux/amd64 a.invalid/b:$V AS build\nRUN true\n\
                      FROM build as last\nCOPY --from=build /a /a\nCOPY --from=c.invalid/d /a /b\nCOPY --from=0 /a /c\n\
                      FROM scratch\n";
        assert_eq!(bases(source), ["a.invalid/b:$V", "c.invalid/d"]);
    }
}
