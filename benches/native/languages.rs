use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use llm_sandbox_core::{Error, Language, Session};

use crate::{
    Trouble,
    host::Host,
    peers,
    report::{Line, Section},
    scratch::Scratch,
    statistics::Samples,
    target::{Target, Unit},
};

/// What compiling and running may cost above 1.1 times the bare toolchain, in milliseconds.
const MOST_ABOVE_BARE: Target = Target::AtMost(5.0);

/// What the second run of a Go program may cost, in terms of `go run` with a warm cache.
const GO_AGAIN: Target = Target::AtMost(1.5);

/// How often each is done.
const ROUNDS: usize = 15;

/// A program that prints 42, and what makes and runs it by hand in its own directory.
struct Program {
    language: Language,
    name: &'static str,
    text: &'static str,
    bare: &'static [&'static [&'static str]],
}

const PROGRAMS: [Program; 7] = [
    Program { language: Language::Python, name: "main.py", text: "print(6 * 7)\n", bare: &[&["python3", "main.py"]] },
    Program {
        language: Language::JavaScript,
        name: "main.js",
        text: "console.log(6 * 7)\n",
        bare: &[&["node", "main.js"]],
    },
    Program {
        language: Language::Java,
        name: "Main.java",
        text: "import java.util.*;\npublic class Main {\n  public static void main(String[] a) {\n    List<Integer> all = new ArrayList<>();\n    \
               for (int i = 0; i < 7; i++) all.add(6);\n    System.out.println(all.stream().mapToInt(i -> i).sum());\n  }\n}\n",
        bare: &[&["javac", "-d", ".", "Main.java"], &["java", "-cp", ".", "Main"]],
    },
    Program {
        language: Language::Cpp,
        name: "main.cpp",
        text: "#include <iostream>\n#include <vector>\n#include <numeric>\nint main() {\n  std::vector<int> all(7, 6);\n  \
               std::cout << std::accumulate(all.begin(), all.end(), 0) << \"\\n\";\n}\n",
        bare: &[&["g++", "-std=c++20", "-O2", "-o", "program", "main.cpp"], &["./program"]],
    },
    Program {
        language: Language::Go,
        name: "main.go",
        text: "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(6 * 7) }\n",
        bare: &[&["go", "run", "main.go"]],
    },
    Program {
        language: Language::R,
        name: "main.R",
        text: "cat(6 * 7, '\\n', sep = '')\n",
        bare: &[&["Rscript", "main.R"]],
    },
    Program { language: Language::Ruby, name: "main.rb", text: "puts 6 * 7\n", bare: &[&["ruby", "main.rb"]] },
];

/// A program of each language in an open session, beside the bare toolchain; what the host has not is left out and named.
pub(crate) async fn measure(host: &Host) -> Result<Section, Trouble> {
    let mut section =
        Section::new("languages", "A program compiled and run in an open session, beside the bare toolchain");
    for program in &PROGRAMS {
        section = match compare(program, host).await {
            Ok((ours, bare)) => add(section, program, &ours, &bare),
            Err(Compared::Missing(error)) => section.note(error.to_string()),
            Err(Compared::Failed(trouble)) => return Err(trouble),
        };
    }
    Ok(section)
}

fn add(section: Section, program: &Program, ours: &Samples, bare: &Samples) -> Section {
    let name = program.language.name();
    let above = (ours.median() - 1.1 * bare.median()) * 1000.0;
    let section = section
        .line(Line::duration(format!("native: {name}"), ours))
        .line(Line::duration(format!("bare: {name}"), bare))
        .line(Line::figure(format!("{name}: above 1.1 × bare"), Unit::Milliseconds, above).target(MOST_ABOVE_BARE));
    match program.language {
        Language::Go => {
            let ratio = ours.median() / bare.median();
            section.line(Line::figure("go: to go run, both warm", Unit::Times, ratio).target(GO_AGAIN))
        }
        _ => section,
    }
}

enum Compared {
    Missing(Error),
    Failed(Trouble),
}

impl<E: Into<Trouble>> From<E> for Compared {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

async fn compare(program: &Program, host: &Host) -> Result<(Samples, Samples), Compared> {
    let tools = program.language.programs().map_err(Compared::Missing)?;
    let session = host.session_in(program.language).open().await?;
    let scratch = Scratch::new()?;
    std::fs::write(scratch.file(program.name), program.text)?;
    let directory = scratch.file(".");
    // Compilers keep what they have done.
    for _ in 0..2 {
        ours(&session, program).await?;
        by_hand(program, &tools, &directory)?;
    }
    let (mut inside, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        inside.push(ours(&session, program).await?);
        bare.push(by_hand(program, &tools, &directory)?);
    }
    session.close().await?;
    Ok((Samples::from_iter(inside), Samples::from_iter(bare)))
}

async fn ours(session: &Session, program: &Program) -> Result<Duration, Trouble> {
    let started = Instant::now();
    let result = session.run(program.text).await?;
    let took = started.elapsed();
    match result.stdout.bytes.as_slice() {
        b"42\n" => Ok(took),
        _ => Err(format!("{:?} {}", result.outcome, result.stderr_text()).into()),
    }
}

fn by_hand(program: &Program, tools: &[PathBuf], directory: &Path) -> Result<Duration, Trouble> {
    // The same programs, not whatever a version manager puts before them.
    let places = tools.iter().filter_map(|tool| tool.parent()).chain([Path::new("/usr/bin"), Path::new("/bin")]);
    let path = std::env::join_paths(places)?;
    let started = Instant::now();
    let mut printed = Vec::new();
    for argv in program.bare {
        let found = tools.iter().find(|tool| tool.file_name() == Some(argv[0].as_ref()));
        let mut command = peers::bare(found.map_or(argv[0].as_ref(), |tool| tool.as_os_str()));
        let output = command.args(&argv[1..]).env("PATH", &path).current_dir(directory).output()?;
        if !output.status.success() {
            return Err(format!("{argv:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        printed = output.stdout;
    }
    let took = started.elapsed();
    if printed == b"42\n" { Ok(took) } else { Err(format!("{:?} printed {printed:?}", program.bare).into()) }
}
