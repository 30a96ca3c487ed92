use bollard::query_parameters::ListContainersOptionsBuilder;
use llm_sandbox_core::Error;

use crate::{Docker, container::AGENT_DIRECTORY, owner::Owner, sandbox::remove, trouble::failed};

impl Docker {
    /// Removes the containers of processes that are gone, and returns their ids. There are few: the agent leaves when its
    /// process dies, and the engine removes the container then; but a container may have been made and not started, or an
    /// engine restarted meanwhile. Containers of other machines are left alone.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`] where the engine does not answer, or cannot remove one.
    pub async fn remove_leftovers(&self) -> Result<Vec<String>, Error> {
        let client = self.engine.connect(&self.given, &self.known).await?.client;
        let at = |step: &'static str| move |error| failed(self.engine, step, &error);
        let all = ListContainersOptionsBuilder::default().all(true).filters(&Owner::filter()).build();
        let found = client.list_containers(Some(all)).await.map_err(at("list the containers"))?;
        let left = found
            .into_iter()
            // Labels come from images, too.
            .filter(|found| found.command.as_ref().is_some_and(|command| command.starts_with(AGENT_DIRECTORY)))
            .filter(|found| found.labels.as_ref().and_then(Owner::of).is_some_and(|owner| owner.is_gone()));
        let mut removed = Vec::new();
        for id in left.filter_map(|container| container.id) {
            remove(&client, &id).await.map_err(at("remove a container"))?;
            removed.push(id);
        }
        Ok(removed)
    }
}
