/// The name that a misspelt one is closest to, if any is close.
pub(super) fn nearest(name: &str, names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    // What is far longer than any name is close to none, and comparing it would be slow.
    if name.len() > 64 {
        return None;
    }
    let (changes, near) = names.map(|known| (changes(name, known), known)).min()?;
    (changes <= near.len().div_ceil(3)).then_some(near)
}

/// How many letters are to be put in, taken out or changed.
fn changes(left: &str, right: &str) -> usize {
    let mut above: Vec<usize> = (0..=right.chars().count()).collect();
    for (row, from) in left.chars().enumerate() {
        let mut below = vec![row + 1];
        for (column, to) in right.chars().enumerate() {
            let changed = above[column] + usize::from(from != to);
            below.push(changed.min(above[column + 1] + 1).min(below[column] + 1));
        }
        above = below;
    }
    above[right.chars().count()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_names_find_theirs() {
        let near = |name| nearest(name, ["mem_limit", "cap_add", "cap_drop", "dns"].into_iter());
        assert_eq!(near("memory_limit"), Some("mem_limit"));
        assert_eq!(near("capadd"), Some("cap_add"));
        assert_eq!(near("dsn"), None);
        assert_eq!(near("dn"), Some("dns"));
        assert_eq!(near("colour"), None);
        assert_eq!(near(&"x".repeat(1 << 20)), None);
    }
}
