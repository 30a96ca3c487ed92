use std::collections::BTreeMap;

use llm_sandbox_protocol::{Entry, EntryKind, FailureKind};

/// Files by their absolute paths; directories have no content.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

impl Default for Tree {
    fn default() -> Self {
        Self { nodes: BTreeMap::from([(b"/sandbox".to_vec(), None)]) }
    }
}

impl Tree {
    /// Makes a directory and its parents.
    pub(super) fn make_directory(&mut self, path: &[u8]) -> Result<(), FailureKind> {
        for end in (1..=path.len()).filter(|end| path.get(*end).is_none_or(|byte| *byte == b'/')) {
            if self.nodes.entry(path[..end].to_vec()).or_default().is_some() {
                return Err(FailureKind::WrongKind);
            }
        }
        Ok(())
    }

    pub(super) fn write(&mut self, path: &[u8], content: Vec<u8>) -> Result<(), FailureKind> {
        let parent = path.iter().rposition(|byte| *byte == b'/').unwrap_or_default();
        self.make_directory(&path[..parent])?;
        if self.nodes.get(path).is_some_and(Option::is_none) {
            return Err(FailureKind::WrongKind);
        }
        self.nodes.insert(path.to_vec(), Some(content));
        Ok(())
    }

    pub(super) fn remove(&mut self, path: &[u8], recursive: bool) -> Result<(), FailureKind> {
        if !self.nodes.contains_key(path) {
            return Err(FailureKind::NotFound);
        }
        let below = self.below(path);
        if !below.is_empty() && !recursive {
            return Err(FailureKind::WrongKind);
        }
        self.nodes.retain(|known, _| known != path && !below.contains(known));
        Ok(())
    }

    /// A file's content, or `None` for a directory.
    pub(super) fn get(&self, path: &[u8]) -> Result<Option<&Vec<u8>>, FailureKind> {
        self.nodes.get(path).map(Option::as_ref).ok_or(FailureKind::NotFound)
    }

    /// All that lies below a directory.
    pub(super) fn below(&self, path: &[u8]) -> Vec<Vec<u8>> {
        let is_below = |known: &&Vec<u8>| known.strip_prefix(path).is_some_and(|rest| rest.first() == Some(&b'/'));
        self.nodes.keys().filter(is_below).cloned().collect()
    }

    /// The entry of a path, told under a name.
    pub(super) fn entry(&self, path: &[u8], name: &[u8]) -> Result<Entry, FailureKind> {
        let content = self.get(path)?;
        let kind = if content.is_some() { EntryKind::File } else { EntryKind::Directory };
        let size = content.map_or(0, |content| content.len() as u64);
        Ok(Entry { path: name.to_vec(), kind, size, mode: 0o644, modified: 1, target: None })
    }
}
