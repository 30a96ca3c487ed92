//! What the dockerfiles in `images/` say. They are not built here: that takes registries and package indexes of the
//! internet, which the machines of these tests cannot reach.

use std::{
    fs,
    path::{Path, PathBuf},
};

const LANGUAGES: [&str; 7] = ["cpp", "go", "java", "javascript", "python", "r", "ruby"];

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../images")
}

/// An instruction in capitals and its words, lines that go on put together.
type Instruction = (String, Vec<String>);

fn instructions(language: &str) -> Vec<Instruction> {
    let source = fs::read_to_string(directory().join(language).join("Dockerfile")).expect("every language has one");
    let lines = source.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n");
    let whole = lines.replace("\\\n", " ");
    let lines = whole.lines().map(str::trim).filter(|line| !line.is_empty());
    let instruction = |line: &str| {
        let mut words = line.split_whitespace().map(str::to_owned);
        (words.next().expect("it is not empty"), words.collect())
    };
    lines.map(instruction).collect()
}

/// Each command of the instructions that run some.
fn commands(instructions: &[Instruction]) -> Vec<String> {
    let run = instructions.iter().filter(|(name, _)| name == "RUN");
    run.flat_map(|(_, words)| words.join(" ").split(" && ").map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn every_language_has_one_and_there_are_no_others() {
    let entries = fs::read_dir(directory()).expect("it is there").map(|entry| entry.expect("it is readable"));
    let directories = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<_> = directories.map(|entry| entry.file_name().into_string().expect("text")).collect();
    names.sort();
    assert_eq!(names, LANGUAGES);
}

#[test]
fn every_instruction_is_one() {
    let known = ["CMD", "COPY", "ENV", "FROM", "RUN", "WORKDIR"];
    for language in LANGUAGES {
        let instructions = instructions(language);
        assert_eq!(instructions.first().map(|(name, _)| name.as_str()), Some("FROM"), "{language}");
        for (name, words) in &instructions {
            // ADD would fetch from the network, unchecked.
            assert!(known.contains(&name.as_str()) && !words.is_empty(), "{language}: {name} {words:?}");
        }
        assert_eq!(instructions.iter().filter(|(name, _)| name == "CMD").count(), 1, "{language}");
    }
}

#[test]
fn every_base_has_a_version() {
    for language in LANGUAGES {
        for (_, words) in instructions(language).iter().filter(|(name, _)| name == "FROM") {
            let (image, tag) = words[0].rsplit_once(':').expect("it has a tag");
            assert!(
                !image.is_empty() && tag.starts_with(|first: char| first.is_ascii_digit()),
                "{language}: {words:?}"
            );
        }
    }
}

#[test]
fn nothing_asks_and_no_cache_is_left() {
    for language in LANGUAGES {
        let instructions = instructions(language);
        let commands = commands(&instructions);
        let has = |command: &str| commands.iter().any(|other| other.starts_with(command));
        for command in &commands {
            let needed: &[&str] = match command.split_whitespace().take(2).collect::<Vec<_>>().join(" ").as_str() {
                "apt-get install" => &["--yes", "--no-install-recommends"],
                "apt-get purge" => &["--yes"],
                "pip install" => &["--no-cache-dir"],
                "gem install" => &["--no-document"],
                _ => &[],
            };
            for option in needed {
                assert!(command.contains(option), "{language}: {option} is missing in {command}");
            }
            assert!(!command.starts_with("curl ") && !command.starts_with("wget "), "{language}: {command}");
            assert!(!command.contains("@latest"), "{language}: {command}");
        }
        if has("apt-get install") {
            assert!(has("apt-get update"), "{language}");
            assert!(commands.iter().any(|command| command.starts_with("rm -rf /var/lib/apt/lists/*")), "{language}");
            let environment = |(name, words): &Instruction| {
                name == "ENV" && words.iter().any(|word| word == "DEBIAN_FRONTEND=noninteractive")
            };
            assert!(instructions.iter().any(environment), "{language}");
        }
        if has("npm install") {
            assert!(has("npm cache clean"), "{language}");
        }
    }
}

/// An option of a command is no package; what else stands there is one, with the version that is to be had.
#[test]
fn what_comes_from_indexes_of_languages_has_a_version() {
    for (language, command, separator) in [
        ("python", "pip install", "=="),
        ("javascript", "npm install", "@"),
        ("ruby", "gem install", ":"),
        ("go", "go get", "@v"),
    ] {
        let commands = commands(&instructions(language));
        let installs: Vec<_> = commands.iter().filter(|other| other.starts_with(command)).collect();
        assert!(!installs.is_empty(), "{language}");
        for word in installs.iter().flat_map(|install| install.split_whitespace().skip(2)) {
            assert!(word.starts_with("--") || word.contains(separator), "{language}: {word}");
        }
    }
}

#[test]
fn python_has_what_models_import_most() {
    let commands = commands(&instructions("python")).join(" ");
    for package in ["numpy", "pandas", "matplotlib", "scipy", "scikit-learn", "requests", "pillow", "sympy"] {
        assert!(commands.contains(&format!("\"{package}==")), "{package}");
    }
}
