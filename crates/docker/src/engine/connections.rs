//! The connections that Podman's client keeps (`podman system connection`), those to its machines among them.

use std::{fs, path::Path};

use llm_sandbox_core::Error;
use serde_json::Value;

use super::{place::Place, surroundings::Surroundings};

/// The default connection; `None` where there is none. One over ssh is passed over, as nobody named it here.
pub(super) fn default(around: &Surroundings) -> Result<Option<Place>, Error> {
    let newer = around
        .path("PODMAN_CONNECTIONS_CONF")
        .or_else(|| Some(around.containers_directory()?.join("podman-connections.json")));
    let older = around.path("CONTAINERS_CONF").or_else(|| Some(around.containers_directory()?.join("containers.conf")));
    let read = |path: &Path| fs::read_to_string(path).ok();
    let address = newer.as_deref().and_then(read).and_then(|text| of_json(&text));
    let address = address.or_else(|| older.as_deref().and_then(read).and_then(|text| of_configuration(&text)));
    match address {
        Some(address) if address.starts_with("unix://") => {
            Place::parse(&address, None, "Podman's default connection").map(Some)
        }
        _ => Ok(None),
    }
}

/// From the file that Podman 5 keeps.
fn of_json(text: &str) -> Option<String> {
    let file: Value = serde_json::from_str(text).ok()?;
    let connection = &file["Connection"];
    let name = connection["Default"].as_str()?;
    connection["Connections"][name]["URI"].as_str().map(str::to_owned)
}

/// From the file that earlier ones keep: of its TOML the two tables that are about connections, as Podman writes them.
fn of_configuration(text: &str) -> Option<String> {
    let name = value_in(text, |table| table == "engine", "active_service")?;
    let table = |table: &str| {
        table.strip_prefix("engine.service_destinations.").is_some_and(|last| last.trim_matches(['"', '\'']) == name)
    };
    value_in(text, table, "uri")
}

fn value_in(text: &str, is_table: impl Fn(&str) -> bool, key: &str) -> Option<String> {
    let mut is_inside = false;
    for line in text.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[').and_then(|line| line.split_once(']')) {
            is_inside = is_table(table.0.trim());
        } else if is_inside
            && let Some((found, value)) = line.split_once('=')
            && found.trim() == key
        {
            let value = value.trim();
            let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            return value[1..].split_once(quote).map(|(value, _)| value.to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_found_in_either_file() {
        let json =
            r#"{"Connection":{"Default":"m","Connections":{"m":{"URI":"unix:///m.sock"},"n":{"URI":"ssh://n"}}}}"#;
        assert_eq!(of_json(json).as_deref(), Some("unix:///m.sock"));
        let toml = "# active_service = \"no\"\n[containers]\nuri = \"no\"\n[engine]\n  active_service = \"m.x\" # why\n
[engine.service_destinations]\n  [engine.service_destinations.n]\n    uri = \"ssh://n\"
  [engine.service_destinations.\"m.x\"]\n    uri = 'unix:///m.sock'\n";
        assert_eq!(of_configuration(toml).as_deref(), Some("unix:///m.sock"));
    }

    #[test]
    fn files_that_name_none_have_none() {
        for text in ["", "{}", "[engine]", "[engine]\nactive_service = \"gone\"", "[engine]\nactive_service = é", "]["]
        {
            assert_eq!((of_json(text), of_configuration(text)), (None, None), "{text}");
        }
    }
}
