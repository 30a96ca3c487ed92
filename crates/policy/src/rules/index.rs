use std::collections::HashMap;

use super::Rule;

/// Where the rules on a name are.
pub(super) struct Index {
    exact: HashMap<String, Vec<usize>>,
    /// Patterns by what they begin with, up to the first dot.
    beginning: HashMap<String, Vec<(String, usize)>>,
    /// Patterns that begin with anything, by what follows their last dot.
    ending: HashMap<String, Vec<(String, usize)>>,
}

impl Index {
    pub(super) fn new(rules: &[Rule]) -> Index {
        let mut index = Index { exact: HashMap::new(), beginning: HashMap::new(), ending: HashMap::new() };
        for (at, rule) in rules.iter().enumerate() {
            for path in &rule.paths {
                match path.find('*') {
                    None => index.exact.entry(path.clone()).or_default().push(at),
                    Some(_) if path == "*" => index.exact.entry(path.clone()).or_default().push(at),
                    Some(0) => index.ending.entry(last(path).to_owned()).or_default().push((path.clone(), at)),
                    Some(_) => index.beginning.entry(first(path).to_owned()).or_default().push((path.clone(), at)),
                }
            }
        }
        index
    }

    pub(super) fn exactly(&self, path: &str) -> &[usize] {
        self.exact.get(path).map(Vec::as_slice).unwrap_or_default()
    }

    /// The rules on a name, the most exact first.
    pub(super) fn levels(&self, path: &str) -> Vec<Vec<usize>> {
        let mut levels = Vec::new();
        if let Some(exact) = self.exact.get(path) {
            levels.push(exact.clone());
        }
        levels.extend(self.by_patterns(path));
        levels.extend(self.exact.get("*").cloned());
        levels
    }

    /// Whether there are rules on a name.
    pub(super) fn knows(&self, path: &str) -> bool {
        self.exact.contains_key(path) || self.matching(path).next().is_some()
    }

    /// The patterns that fit a name, with their rules.
    fn matching(&self, path: &str) -> impl Iterator<Item = &(String, usize)> {
        let (beginning, ending) = (self.beginning.get(first(path)), self.ending.get(last(path)));
        let candidates = beginning.into_iter().chain(ending).flatten();
        candidates.filter(move |(pattern, _)| matches(pattern, path))
    }

    /// The rules whose patterns fit a name, the longest pattern first.
    pub(super) fn by_patterns(&self, path: &str) -> Vec<Vec<usize>> {
        let mut matching: Vec<_> = self.matching(path).collect();
        matching.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.len()));
        let same_length = |a: &&(String, usize), b: &&(String, usize)| a.0.len() == b.0.len();
        matching.chunk_by(same_length).map(|same| same.iter().map(|(_, at)| *at).collect()).collect()
    }
}

/// What stands before the first dot, colon, parenthesis or star.
fn first(path: &str) -> &str {
    path.split(['.', ':', '(', '[', '*']).next().unwrap_or(path)
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Whether `*` in a pattern can be filled so that it is `path`.
fn matches(pattern: &str, path: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|start| path.strip_prefix(start)) else { return false };
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            // What a call gives is something else than what is called.
            let of_result = piece.is_empty() && rest.contains('(') && !pattern.contains('(');
            return rest.ends_with(piece) && !of_result;
        }
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, path, expected) in [
            ("os.exec*", "os.execve", true),
            ("os.exec*", "os.exec", true),
            ("os.exec*", "os.exit", false),
            ("os.environ*", "os.environ.get", true),
            ("os.environ*", "os.environ.get().upper", false),
            ("socket.socket()*", "socket.socket().connect", true),
            ("*.to_csv", "?.to_csv", true),
            ("*.to_csv", "?.to_csv_file", false),
            ("asyncio.*.subprocess_exec", "asyncio.get_event_loop().subprocess_exec", true),
            ("open", "open", true),
            ("open", "opened", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} and {path}");
        }
    }
}
