use crate::Trouble;

/// What is asked for on the command line.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) json: bool,
    pub(crate) sections: Vec<String>,
}

impl Options {
    /// Reads the arguments; `None` where nothing is to be measured.
    pub(crate) fn read(arguments: impl Iterator<Item = String>, known: &[&str]) -> Result<Option<Self>, Trouble> {
        let mut options = Self { json: false, sections: Vec::new() };
        for argument in arguments {
            match argument.as_str() {
                // What cargo says to every benchmark.
                "--bench" => {}
                // Asked by what looks for tests: there are none.
                "--list" | "--test" => return Ok(None),
                "--json" => options.json = true,
                name if known.contains(&name) => options.sections.push(argument),
                other => return Err(format!("{other:?} is unknown; there are --json, {}", known.join(", ")).into()),
            }
        }
        if options.sections.is_empty() {
            options.sections = known.iter().map(|name| (*name).to_owned()).collect();
        }
        Ok(Some(options))
    }
}

/// Whether everything is measured at its full size.
pub(crate) fn is_full() -> bool {
    std::env::var_os("LLM_SANDBOX_BENCH_FULL").is_some_and(|value| !value.is_empty())
}
