//! The fenced blocks of a Markdown text.

/// One fenced block.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// Where it opens.
    pub(crate) line: usize,
    /// `sh`, `rust`, …
    pub(crate) language: String,
    /// The words after the language.
    options: Vec<String>,
    lines: Vec<String>,
    /// For commands: the block `text` that follows.
    pub(crate) output: Option<String>,
}

/// What a block of commands says about itself.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Expectation {
    pub(crate) status: i32,
    pub(crate) needs: Vec<String>,
    pub(crate) norun: bool,
    /// The engine that it is about.
    pub(crate) engine: Option<String>,
}

/// Every language must be one of these: what is not named is compiled as Rust by rustdoc, or checked by nothing.
const LANGUAGES: [&str; 7] = ["sh", "text", "rust", "python", "toml", "json", "mermaid"];

impl Block {
    pub(crate) fn text(&self) -> &[String] {
        &self.lines
    }

    pub(crate) fn expectation(&self) -> Result<Expectation, String> {
        let mut expectation = Expectation { status: 0, needs: Vec::new(), norun: false, engine: None };
        for option in &self.options {
            match option.split_once('=') {
                None if option == "norun" => expectation.norun = true,
                Some(("exit", status)) => {
                    expectation.status = status.parse().map_err(|error| format!("{option}: {error}"))?;
                }
                Some(("engine", engine)) => expectation.engine = Some(engine.to_owned()),
                Some(("needs", program)) => expectation.needs.push(program.to_owned()),
                _ => {
                    return Err(format!(
                        "unknown option {option:?}; known are norun, exit=STATUS, needs=PROGRAM, engine=NAME"
                    ));
                }
            }
        }
        Ok(expectation)
    }
}

/// All blocks, in order; a block `text` is the output of the `sh` block before it unless a heading stands between.
pub(crate) fn read(markdown: &str) -> Result<Vec<Block>, String> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut lines = markdown.lines().enumerate();
    let mut awaits_output = false;
    while let Some((at, line)) = lines.next() {
        awaits_output &= !line.starts_with('#');
        let Some(info) = line.trim_start().strip_prefix("```") else { continue };
        let indent = line.len() - line.trim_start().len();
        let mut block = Block::open(at + 1, info)?;
        let mut closed = false;
        for (_, line) in lines.by_ref() {
            closed = line.trim() == "```";
            if closed {
                break;
            }
            block.lines.push(line.get(indent..).unwrap_or_default().to_owned());
        }
        if !closed {
            return Err(format!("{}: the block is never closed", block.line));
        }
        match blocks.last_mut() {
            Some(commands) if awaits_output && block.language == "text" => {
                commands.output = Some(block.lines.join("\n"));
                awaits_output = false;
            }
            _ => {
                awaits_output = block.language == "sh";
                blocks.push(block);
            }
        }
    }
    Ok(blocks)
}

impl Block {
    fn open(line: usize, info: &str) -> Result<Self, String> {
        let mut words = info.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned);
        let language = words.next().unwrap_or_default();
        if !LANGUAGES.contains(&language.as_str()) {
            return Err(format!("{line}: a block of {language:?}; known are {}", LANGUAGES.join(", ")));
        }
        Ok(Self { line, language, options: words.collect(), lines: Vec::new(), output: None })
    }
}

#[test]
fn output_belongs_to_the_commands_before_it() {
    let text = "# A\n```sh exit=3, needs=node\na\n\nb\n```\nprints\n\n```text\nc\n```\n```text\nno output\n```\n";
    let blocks = read(text).expect("a well-formed text");
    assert_eq!(blocks.len(), 2);
    assert_eq!((blocks[0].line, blocks[0].text().join("\n").as_str()), (2, "a\n\nb"));
    assert_eq!(blocks[0].output.as_deref(), Some("c"));
    let expectation = Expectation { status: 3, needs: vec!["node".into()], norun: false, engine: None };
    assert_eq!(blocks[0].expectation(), Ok(expectation));
}

#[test]
fn a_heading_ends_the_wait_for_output() {
    let blocks = read("```sh\na\n```\n## B\n```text\na picture\n```\n").expect("a well-formed text");
    assert_eq!(blocks[0].output, None);
}

#[test]
fn what_would_be_checked_by_nothing_is_refused() {
    assert!(read("```\na\n```").is_err());
    assert!(read("```console\na\n```").is_err());
    assert!(read("```sh\na\n").is_err());
    let blocks = read("```sh no-run\na\n```").expect("a well-formed text");
    assert!(blocks[0].expectation().is_err());
}
