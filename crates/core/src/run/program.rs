use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStringExt,
    path::{Path, PathBuf},
};

use llm_sandbox_protocol::Compilation;

use crate::{
    Error, Naming, Project, Run, Session,
    command::Program,
    input::{inside_path, no_nul},
    language::{Values, java_names},
    session::Build,
};

/// The longest program text, in bytes.
pub(crate) const SOURCE_MOST: usize = 16 << 20;

/// The longest single argument that Linux takes, in bytes.
const ARGUMENT_MOST: usize = (128 << 10) - 1;

/// What a run starts, in the words of the agent.
pub(super) struct Start {
    pub(super) argv: Vec<Vec<u8>>,
    pub(super) compilation: Option<Compilation>,
    /// Where the compiler writes to.
    pub(super) build: Option<Build>,
    /// The program text and where it belongs.
    pub(super) source: Option<(PathBuf, Vec<u8>)>,
    /// By their paths inside.
    pub(super) files: Vec<(PathBuf, Vec<u8>)>,
}

/// A program in the session's language.
struct Source {
    path: PathBuf,
    /// Its text, where that goes with the run.
    text: Option<Vec<u8>>,
    /// Its text, where that lies in the sandbox already and was read.
    inside: Option<Vec<u8>>,
}

/// The text of a program that lies in the sandbox already, where it has a word in what is started. One that cannot be read
/// is left to the compiler.
pub(super) async fn text_inside(session: &Session, run: &Run) -> Option<Vec<u8>> {
    let Program::Entry(path) = &run.program else { return None };
    let is_known = run.files.iter().any(|(file, _)| file == path);
    if is_known || session.language().naming == Naming::Fixed {
        return None;
    }
    session.read_limited(path, SOURCE_MOST as u64).await.ok()
}

/// Checks what a run starts, and puts it into words. `inside`: what [`text_inside`] has read.
pub(super) fn plan(
    session: &Session,
    (program, inside): (Program, Option<Vec<u8>>),
    (files, sources): (Vec<(PathBuf, Vec<u8>)>, Vec<PathBuf>),
    arguments: Vec<OsString>,
    environment: &[(OsString, OsString)],
) -> Result<Start, Error> {
    let directory = &session.defaults().directory;
    let sources = sources.into_iter().map(|path| inside_path("source", directory, &path));
    let sources = sources.collect::<Result<Vec<_>, Error>>()?;
    let files = files.into_iter().map(|(path, content)| Ok((inside_path("file", directory, &path)?, content)));
    let files = files.collect::<Result<Vec<_>, Error>>()?;
    let source = match program {
        Program::Code(text) => {
            check_source(&text)?;
            let path = directory.join(file_name(session, &text));
            if files.iter().any(|(file, _)| *file == path) {
                let reason = format!("{} is where the program itself goes", path.display());
                return Err(Error::invalid("file", reason).with_remedy("give it another name, or make it the entry"));
            }
            Source { path, text: Some(text), inside }
        }
        Program::Entry(path) => Source { path: inside_path("entry", directory, &path)?, text: None, inside },
        Program::Command(program) if program.is_empty() => {
            return Err(Error::invalid("program", "its name is empty").with_remedy("name a program, such as ls"));
        }
        Program::Command(program) => {
            let argv = words(session, vec![program], arguments)?;
            return Ok(Start { argv, compilation: None, build: None, source: None, files });
        }
    };
    in_language(session, source, (files, sources), arguments, environment)
}

/// What is started of it.
fn in_language(
    session: &Session,
    Source { path, text, inside }: Source,
    (files, beside): (Vec<(PathBuf, Vec<u8>)>, Vec<PathBuf>),
    arguments: Vec<OsString>,
    environment: &[(OsString, OsString)],
) -> Result<Start, Error> {
    let language = session.language();
    let others: Vec<&Path> = files.iter().map(|(file, _)| file).chain(&beside).map(PathBuf::as_path).collect();
    let build = language.is_compiled().then(|| session.builds().lend());
    let build_directory = build.as_ref().map_or_else(PathBuf::new, |build| build.path(&session.defaults().home));
    let given = || files.iter().find(|(file, _)| *file == path).map(|(_, text)| text.as_slice());
    let known = text.as_deref().or_else(given).or(inside.as_deref());
    let class = class(session, &path, known.unwrap_or_default());
    let mut values = Values {
        spec: language,
        tools: session.programs(),
        source: &path,
        sources: Vec::new(),
        directory: &session.defaults().directory,
        build: &build_directory,
        class: &class,
        compiler_options: &session.options().compiler,
        runtime_options: &session.options().runtime,
        memory: session.limits().memory_bytes,
        cpus: session.limits().cpus,
        environment,
    };
    values.sources = sources(&values, &others);
    let argv = words(session, values.words(&language.run), arguments)?;
    let compilation = match language.is_compiled() {
        true => Some(Compilation {
            argv: words(session, values.words(&language.compile), Vec::new())?,
            directory: build_directory.clone().into_os_string().into_vec(),
            keeps_name: language.naming == Naming::PublicClass,
        }),
        false => None,
    };
    Ok(Start { argv, compilation, build, source: text.map(|text| (path, text)), files })
}

/// What the file of a program text is called.
fn file_name(session: &Session, text: &[u8]) -> PathBuf {
    let language = session.language();
    let fixed = PathBuf::from(&language.source);
    match language.naming {
        Naming::Fixed => fixed,
        Naming::PublicClass => match java_names(&String::from_utf8_lossy(text)).file {
            Some(name) => PathBuf::from(name).with_extension(fixed.extension().unwrap_or_default()),
            None => fixed,
        },
    }
}

/// The class that is started: what the text says, or what its file is called.
fn class(session: &Session, path: &Path, text: &[u8]) -> String {
    let said = match session.language().naming {
        Naming::Fixed => None,
        Naming::PublicClass => java_names(&String::from_utf8_lossy(text)).class,
    };
    said.unwrap_or_else(|| path.file_stem().unwrap_or_default().to_string_lossy().into_owned())
}

/// What is compiled together.
fn sources(values: &Values<'_>, others: &[&Path]) -> Vec<OsString> {
    let (language, entry) = (values.spec, values.source);
    let is_project = |project: &&Project| others.iter().any(|it| it.file_name() == Some(OsStr::new(&project.file)));
    if let Some(project) = language.project.as_ref().filter(is_project) {
        return values.words(&project.sources);
    }
    let is_source = |path: &Path| path.extension().and_then(OsStr::to_str).is_some_and(|it| language.has_ending(it));
    let others = others.iter().copied().filter(|file| *file != entry && is_source(file));
    std::iter::once(entry).chain(others).map(OsString::from).collect()
}

/// What is executed: behind the launcher of the image, before the caller's arguments.
fn words(session: &Session, program: Vec<OsString>, arguments: Vec<OsString>) -> Result<Vec<Vec<u8>>, Error> {
    let launcher = session.image().launcher.iter().cloned();
    let argv: Vec<OsString> = launcher.chain(program).chain(arguments).collect();
    for argument in &argv {
        no_nul("argument", argument)?;
        if argument.len() > ARGUMENT_MOST {
            let reason = format!("{} bytes are more than the {ARGUMENT_MOST} that Linux takes", argument.len());
            return Err(Error::invalid("argument", reason).with_remedy("pass it by file or standard input"));
        }
    }
    Ok(argv.into_iter().map(OsString::into_vec).collect())
}

fn check_source(source: &[u8]) -> Result<(), Error> {
    let invalid = |reason: String, remedy: &str| Err(Error::invalid("code", reason).with_remedy(remedy));
    if source.trim_ascii().is_empty() {
        return invalid("it is empty".to_owned(), "give a program to run");
    }
    if source.len() > SOURCE_MOST {
        let reason = format!("{} bytes are more than the {SOURCE_MOST} allowed", source.len());
        return invalid(reason, "upload large data as files and read them");
    }
    if let Err(error) = std::str::from_utf8(source) {
        let reason = format!("it is not UTF-8 at offset {}", error.valid_up_to());
        return invalid(reason, "encode the program as UTF-8");
    }
    match source.iter().position(|byte| *byte == 0) {
        Some(at) => invalid(format!("there is a NUL byte at offset {at}"), "leave it out"),
        None => Ok(()),
    }
}

/// What the language has in every run's environment.
pub(super) fn variables(session: &Session) -> Vec<(OsString, OsString)> {
    let language = session.language();
    let values = Values {
        spec: language,
        tools: session.programs(),
        source: Path::new(&language.source),
        sources: Vec::new(),
        directory: &session.defaults().directory,
        build: Path::new(""),
        class: "",
        compiler_options: &[],
        runtime_options: &[],
        memory: session.limits().memory_bytes,
        cpus: session.limits().cpus,
        environment: &session.image().environment,
    };
    language.environment.iter().map(|(name, value)| (name.into(), values.word(value))).collect()
}
