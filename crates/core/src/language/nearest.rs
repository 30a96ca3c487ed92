/// The candidate that a misspelt name is closest to, if any is close: for the hints of errors.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // A name far longer than any candidate is close to none, and comparing it would be slow.
    if name.len() > 32 {
        return None;
    }
    let distances = candidates.map(|candidate| (distance(name, candidate), candidate));
    let (distance, candidate) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= candidate.len() / 2).then_some(candidate)
}

/// How many insertions, deletions and replacements lie between two words.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, from) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], above + 1);
        for (at, to) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspellings_find_their_word() {
        let nearest = |name| nearest(name, ["python", "javascript", "js", "node"].into_iter());
        assert_eq!(nearest("pyhton"), Some("python"));
        assert_eq!(nearest("javscript"), Some("javascript"));
        assert_eq!(nearest("cobol"), None);
    }
}
