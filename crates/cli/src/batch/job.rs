use llm_sandbox::{Error, Job, Language, Run, core::nearest};
use serde_json::{Map, Value};

/// Every key of a job.
const KEYS: [&str; 9] = ["id", "code", "command", "language", "args", "stdin", "env", "files", "timeout"];

/// Reads one line. The job's id is the JSON text of the line's.
pub(super) fn read(line: &[u8], place: &str) -> Result<Job, Error> {
    let object = serde_json::from_slice(line).map_err(|error| {
        Error::invalid(place, format!("it is no JSON object: {error}"))
            .with_remedy("write one object on each line, such as {\"id\": 1, \"code\": \"print(1)\"}")
    })?;
    let mut keys = Keys { object, place };
    keys.refuse_unknown()?;
    let files = keys.texts("files")?;
    let run = files.into_iter().fold(keys.run()?, |run, (name, text)| run.file(name, text));
    let mut job = Job::new(keys.id()?, run);
    if let Some(name) = keys.text("language")? {
        job = job.language(name.parse::<Language>().map_err(|error| keys.at(error))?);
    }
    Ok(job)
}

struct Keys<'a> {
    object: Map<String, Value>,
    place: &'a str,
}

impl Keys<'_> {
    fn refuse_unknown(&self) -> Result<(), Error> {
        let Some(key) = self.object.keys().find(|key| !KEYS.contains(&key.as_str())) else { return Ok(()) };
        let all = KEYS.join(", ");
        let remedy = match nearest(key, KEYS.into_iter()) {
            Some(nearest) => format!("did you mean {nearest:?}? There are: {all}"),
            None => format!("there are: {all}"),
        };
        let shown: String = key.chars().take(60).collect();
        Err(Error::invalid(self.place, format!("{shown:?} is unknown")).with_remedy(remedy))
    }

    fn wrong(&self, key: &str, reason: &str, remedy: &str) -> Error {
        Error::invalid(format!("{}: {key}", self.place), reason).with_remedy(remedy)
    }

    /// An error of a value, told with its place.
    fn at(&self, error: Error) -> Error {
        let hint = error.hint().map(str::to_owned);
        let placed = Error::invalid(self.place, error.to_string());
        match hint {
            Some(hint) => placed.with_remedy(hint),
            None => placed,
        }
    }

    fn id(&mut self) -> Result<String, Error> {
        match self.object.remove("id") {
            Some(id) if id.is_string() || id.is_u64() || id.is_i64() => Ok(id.to_string()),
            Some(_) => Err(self.wrong("id", "it is neither a text nor a whole number", "give such as \"a\" or 1")),
            None => Err(self.wrong("id", "there is none", "give each job one that no other has")),
        }
    }

    fn run(&mut self) -> Result<Run, Error> {
        let mut run = self.program()?;
        run = run.args(self.list("args")?);
        if let Some(text) = self.text("stdin")? {
            run = run.stdin(text);
        }
        for (name, value) in self.texts("env")? {
            run = run.env(name, value);
        }
        match self.object.remove("timeout") {
            None | Some(Value::Null) => Ok(run),
            Some(value) => match value.as_f64().filter(|seconds| (0.0..1e15).contains(seconds)) {
                Some(seconds) => Ok(run.timeout_seconds(seconds)),
                None => Err(self.wrong("timeout", "it is not a time in seconds", "give seconds from zero up")),
            },
        }
    }

    fn program(&mut self) -> Result<Run, Error> {
        match (self.text("code")?, self.object.remove("command")) {
            (Some(code), None) => Ok(Run::code(code)),
            (None, Some(Value::String(program))) => Ok(Run::command(program)),
            (None, Some(list)) => {
                self.object.insert("command".to_owned(), list);
                let mut words = self.list("command")?.into_iter();
                let program = words.next().ok_or_else(|| self.wrong("command", "it is empty", "name a program"))?;
                Ok(Run::command(program).args(words))
            }
            (None, None) => Err(self.wrong("code", "there is none", "give a program text, or a command")),
            (Some(_), Some(_)) => Err(self.wrong("command", "there is code as well", "give one of the two")),
        }
    }

    fn text(&mut self, key: &str) -> Result<Option<String>, Error> {
        match self.object.remove(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(key, "it is no text", "put it in quotes")),
        }
    }

    fn list(&mut self, key: &str) -> Result<Vec<String>, Error> {
        let wrong = |keys: &Self| keys.wrong(key, "it is no list of texts", "write such as [\"-l\", \"/tmp\"]");
        match self.object.remove(key) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(values)) => {
                values.into_iter().map(|value| text_of(value).ok_or_else(|| wrong(self))).collect()
            }
            Some(_) => Err(wrong(self)),
        }
    }

    fn texts(&mut self, key: &str) -> Result<Vec<(String, String)>, Error> {
        let wrong = |keys: &Self| keys.wrong(key, "it does not name texts", "write such as {\"name\": \"text\"}");
        match self.object.remove(key) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Object(values)) => {
                let pair = |(name, value)| Some((name, text_of(value)?));
                values.into_iter().map(|entry| pair(entry).ok_or_else(|| wrong(self))).collect()
            }
            Some(_) => Err(wrong(self)),
        }
    }
}

fn text_of(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}
