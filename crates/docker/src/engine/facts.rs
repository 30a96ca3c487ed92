//! What an engine says of itself: which limits it can hold.

use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::Request;
use serde_json::Value;

use super::{Engine, transport::Transport};
use crate::trouble::words;

/// How much an engine may say, in bytes.
const WORDS_MOST: usize = 4 << 20;

/// A limit that depends on the engine and its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    Memory,
    Processes,
    Processors,
}

/// Which limits an engine holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) memory: bool,
    pub(crate) processes: bool,
    pub(crate) processors: bool,
    /// Whether it is an ordinary user's.
    pub(crate) is_rootless: bool,
    /// Whether its host has control groups of version 1.
    pub(crate) is_version_1: bool,
}

impl Facts {
    pub(crate) fn holds(&self, limit: Limit) -> bool {
        match limit {
            Limit::Memory => self.memory,
            Limit::Processes => self.processes,
            Limit::Processors => self.processors,
        }
    }

    /// Asks the engine.
    pub(super) async fn of(engine: Engine, transport: &Transport) -> Result<Self, String> {
        let facts = Self::from_info(&get(transport, "/info").await?);
        if engine == Engine::Podman && facts.is_rootless {
            // In the former answer it speaks of the host's groups, whether they are its own or not.
            let own = get(transport, "/v4.0.0/libpod/info").await?;
            return Ok(facts.within(&own["host"]["cgroupControllers"]));
        }
        Ok(facts)
    }

    fn from_info(info: &Value) -> Self {
        let options = info["SecurityOptions"].as_array().map_or(&[][..], Vec::as_slice);
        let says_rootless = options.iter().filter_map(Value::as_str).any(|option| option == "name=rootless");
        let has_groups = info["CgroupDriver"] != "none";
        let held = |field: &str| has_groups && info[field] == true;
        Self {
            memory: held("MemoryLimit"),
            processes: held("PidsLimit"),
            processors: held("CpuCfsQuota"),
            is_rootless: says_rootless || info["Rootless"] == true,
            is_version_1: info["CgroupVersion"] == "1",
        }
    }

    /// The same where only these controllers are its own.
    fn within(self, controllers: &Value) -> Self {
        let has = |name: &str| controllers.as_array().is_some_and(|all| all.iter().any(|one| one == name));
        Self {
            memory: self.memory && has("memory"),
            processes: self.processes && has("pids"),
            processors: self.processors && has("cpu"),
            ..self
        }
    }
}

async fn get(transport: &Transport, path: &str) -> Result<Value, String> {
    let request = Request::get(path).body(Empty::<Bytes>::new()).map_err(|error| error.to_string())?;
    let answer = transport.send(request).await.map_err(|error| words(&error))?;
    if !answer.status().is_success() {
        return Err(format!("it answers {path} with status {}", answer.status().as_u16()));
    }
    let body = Limited::new(answer.into_body(), WORDS_MOST).collect().await;
    let body = body.map_err(|error| format!("its answer to {path} breaks off: {error}"))?;
    serde_json::from_slice(&body.to_bytes()).map_err(|error| format!("its answer to {path} is no JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_an_engine_says_is_believed() {
        let facts = Facts::from_info(&json!({ "MemoryLimit": true, "CpuCfsQuota": true, "PidsLimit": false,
            "CgroupVersion": "2" }));
        assert!(facts.memory && !facts.processes && facts.processors && !facts.is_rootless && !facts.is_version_1);
        let facts = Facts::from_info(&json!({ "CgroupDriver": "none", "MemoryLimit": true,
            "SecurityOptions": ["name=seccomp,profile=default", "name=rootless"], "CgroupVersion": "1" }));
        assert!(!facts.memory && !facts.processes && !facts.processors && facts.is_rootless && facts.is_version_1);
    }

    /// Podman 4 says that it holds all limits where it ignores them.
    #[test]
    fn an_ordinary_users_podman_holds_what_its_controllers_do() {
        let info = json!({ "Rootless": true, "MemoryLimit": true, "PidsLimit": true, "CpuCfsQuota": true });
        let facts = Facts::from_info(&info).within(&json!([]));
        assert!(facts.is_rootless && !facts.memory && !facts.processes && !facts.processors);
        let facts = Facts::from_info(&info).within(&json!(["memory", "pids"]));
        assert!(facts.memory && facts.processes && !facts.processors);
        assert!(!Facts::from_info(&info).within(&Value::Null).memory);
    }
}
