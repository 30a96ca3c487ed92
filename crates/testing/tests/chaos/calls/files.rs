use std::fs;

use llm_sandbox_core::{Error, FileProblem};

use super::{
    Lane,
    lane::{Known, NAMES},
};

impl Lane {
    fn name(&mut self) -> (&'static str, String) {
        let name = *self.dice.pick(&NAMES);
        (name, format!("{}/{name}", self.directory))
    }

    /// Remembers what a call that changes a file has made of it.
    fn learn(&mut self, name: &'static str, result: Option<Result<(), Error>>, known: Known) {
        let known = match result {
            Some(Ok(())) => known,
            _ => Known::Nothing,
        };
        self.files.insert(name, known);
    }

    /// What is known, unless nothing is or what the agent says need not be so.
    fn known(&self, name: &str) -> Option<&Known> {
        self.files.get(name).filter(|known| self.world.is_fair() && **known != Known::Nothing)
    }

    pub(super) async fn write(&mut self) {
        let (name, path) = self.name();
        let most = if self.dice.one_in(40) { 1_500_000 } else { 20_000 };
        let content = vec![self.dice.byte(); self.dice.index(most)];
        let session = self.session.clone();
        let result = self.call("write", session.write(path, content.clone())).await;
        self.learn(name, result, Known::Content(content));
    }

    pub(super) async fn upload(&mut self) {
        let (name, path) = self.name();
        let (file, content) = self.scratch.file(&mut self.dice);
        let (session, world) = (self.session.clone(), self.world.clone());
        let uploading = world.with_threads(session.upload(file, path));
        let result = self.call("upload", uploading).await;
        if let (Some(Ok(transferred)), true) = (&result, self.world.is_fair()) {
            assert_eq!((transferred.entries, transferred.bytes), (1, content.len() as u64));
        }
        self.learn(name, result.map(|result| result.map(drop)), Known::Content(content));
    }

    pub(super) async fn read(&mut self) {
        let (name, path) = self.name();
        let session = self.session.clone();
        let Some(result) = self.call("read", session.read(path)).await else { return };
        match (self.known(name), result) {
            (Some(Known::Content(content)), Ok(read)) => assert!(*content == read, "what was written is read"),
            (Some(known), Err(error)) => assert_problem(known, &error),
            (Some(known), Ok(_)) => panic!("{name} was read, though it is {known:?}"),
            (None, _) => {}
        }
    }

    pub(super) async fn stat(&mut self) {
        let (name, path) = self.name();
        let session = self.session.clone();
        let Some(result) = self.call("stat", session.stat(path)).await else { return };
        match (self.known(name), result) {
            (Some(Known::Content(content)), Ok(info)) => assert_eq!(info.size, content.len() as u64),
            (Some(known), Err(error)) => assert_problem(known, &error),
            (Some(known), Ok(info)) => panic!("{name} is {info:?}, though it is {known:?}"),
            (None, _) => {}
        }
    }

    pub(super) async fn remove(&mut self) {
        let (name, path) = self.name();
        let session = self.session.clone();
        let result = self.call("remove", session.remove(path)).await;
        if let (Some(known), Some(Err(error))) = (self.known(name).cloned(), &result) {
            assert_problem(&known, error);
            if matches!(error, Error::File { .. }) {
                return;
            }
        }
        self.learn(name, result, Known::Absent);
    }

    pub(super) async fn make_directory(&mut self, path: &str) {
        let session = self.session.clone();
        if let Some(Err(error)) = self.call("make a directory", session.make_directory(path)).await {
            assert!(!self.world.is_fair() || session.is_over(), "{error}");
        }
    }

    pub(super) async fn list(&mut self) {
        let (session, path) = (self.session.clone(), self.directory.clone());
        let Some(Ok(listed)) = self.call("list", session.list_tree(path)).await else { return };
        for name in NAMES {
            let found = listed.iter().any(|info| info.path.as_os_str() == name);
            match self.known(name) {
                Some(Known::Absent) => assert!(!found, "{name} is absent"),
                Some(_) => assert!(found, "{name} is missing in {listed:?}"),
                None => {}
            }
        }
    }

    /// The lane's whole directory, which appears on the host as it is or not at all.
    pub(super) async fn download(&mut self) {
        let (session, world, target) = (self.session.clone(), self.world.clone(), self.scratch.fresh());
        let downloading = world.with_threads(session.download(self.directory.clone(), &target));
        let Some(Ok(_)) = self.call("download", downloading).await else { return };
        for name in NAMES {
            let found = fs::read(target.join(name)).ok();
            match self.known(name) {
                Some(Known::Content(content)) => assert!(found.as_ref() == Some(content), "{name} came out whole"),
                Some(_) => assert!(found.is_none(), "{name} is absent"),
                None => {}
            }
        }
        // Nothing may have come, and a liar may have sent a single file.
        let _ = fs::remove_dir_all(&target).or_else(|_| fs::remove_file(&target));
    }
}

/// A file that is there has no problem; one that is not is not found.
fn assert_problem(known: &Known, error: &Error) {
    if let Error::File { problem, .. } = error {
        assert_eq!((known, *problem), (&Known::Absent, FileProblem::NotFound), "{error}");
    }
}
