//! Values of the options that are more than a number or a text.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{
    kinds::{ContainerMount, Device, Gpus, MountKind, Ulimit, Volume, all_permissions},
    read::{Read, each, size, text, texts, whole, wrong},
};

/// A map as the engine has it.
fn whole_map<T: DeserializeOwned>(value: &Value) -> Read<T> {
    serde_json::from_value(value.clone()).map_err(|error| error.to_string())
}

pub(super) fn ulimits(value: &Value) -> Read<Vec<Ulimit>> {
    each(value, |value| match value {
        Value::Object(_) => whole_map(value),
        _ => ulimit(&text(value)?).ok_or_else(|| wrong(value)),
    })
}

/// Reads `NAME=SOFT[:HARD]`.
fn ulimit(text: &str) -> Option<Ulimit> {
    let (name, bounds) = text.split_once('=')?;
    let (soft, hard) = bounds.split_once(':').unwrap_or((bounds, bounds));
    let name = Some(name).filter(|name| !name.is_empty())?;
    Some(Ulimit { name: name.to_owned(), soft: soft.parse().ok()?, hard: hard.parse().ok()? })
}

pub(super) fn devices(value: &Value) -> Read<Vec<Device>> {
    each(value, |value| {
        let device = match value {
            Value::Object(_) => whole_map(value)?,
            _ => device(&text(value)?).ok_or_else(|| wrong(value))?,
        };
        let Device { host, inside, permissions } = &device;
        let are_known = !permissions.is_empty() && permissions.chars().all(|letter| "rwm".contains(letter));
        if host.starts_with('/') && inside.starts_with('/') && are_known { Ok(device) } else { Err(wrong(value)) }
    })
}

/// Reads `HOST[:INSIDE][:PERMISSIONS]`.
fn device(text: &str) -> Option<Device> {
    let (host, rest) = text.split_once(':').unwrap_or((text, ""));
    let (inside, permissions) = match rest.split_once(':') {
        Some((inside, permissions)) => (inside, permissions.to_owned()),
        None if rest.is_empty() => (host, all_permissions()),
        None if rest.starts_with('/') => (rest, all_permissions()),
        None => (host, rest.to_owned()),
    };
    Some(Device { host: host.to_owned(), inside: inside.to_owned(), permissions })
}

pub(super) fn gpus(value: &Value) -> Read<Gpus> {
    let count = |number: i64| match number {
        -1 => Ok(Gpus::All),
        number => u32::try_from(number).ok().filter(|count| *count > 0).map(Gpus::Count).ok_or_else(|| wrong(value)),
    };
    match value {
        Value::Number(_) => count(whole(value)?),
        Value::String(word) if word == "all" => Ok(Gpus::All),
        Value::String(word) => match (word.parse(), word.strip_prefix("device=")) {
            (Ok(number), _) => count(number),
            (_, Some(ids)) if !ids.is_empty() => Ok(Gpus::Ids(ids.split(',').map(str::to_owned).collect())),
            _ => Err(wrong(value)),
        },
        Value::Array(ids) if !ids.is_empty() => texts(value).map(Gpus::Ids),
        _ => Err(wrong(value)),
    }
}

pub(super) fn volumes(value: &Value) -> Read<Vec<Volume>> {
    let Value::Object(map) = value else {
        return each(value, |value| volume(&text(value)?).ok_or_else(|| wrong(value)));
    };
    let entries = map.iter().map(|(source, place)| match place {
        Value::Object(place) => bound(source, place),
        // As in the list: the path inside, and the mode.
        _ => volume(&format!("{source}:{}", text(place)?)).ok_or_else(|| wrong(place)),
    });
    entries.collect()
}

/// Reads `SOURCE:TARGET[:MODE]`.
fn volume(text: &str) -> Option<Volume> {
    let mut parts = text.splitn(3, ':');
    let (source, target) = (parts.next()?, parts.next()?);
    let mode = parts.next().unwrap_or("rw");
    let is_whole = !source.is_empty() && target.starts_with('/') && !mode.is_empty() && !mode.contains(':');
    let volume = || Volume { source: source.to_owned(), target: target.to_owned(), mode: mode.to_owned() };
    is_whole.then(volume)
}

fn bound(source: &str, place: &Map<String, Value>) -> Read<Volume> {
    let known = ["bind", "mode"];
    if let Some(name) = place.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(format!("{name:?} of {source} is unknown"));
    }
    let target = place.get("bind").ok_or_else(|| format!("\"bind\" of {source} is missing")).and_then(text)?;
    let mode = place.get("mode").map_or(Ok("rw".to_owned()), text)?;
    // The whole is split again, so that it means the same in either form.
    let whole = format!("{source}:{target}:{mode}");
    volume(&whole).ok_or_else(|| format!("{whole:?} is none"))
}

pub(super) fn mounts(value: &Value) -> Read<Vec<ContainerMount>> {
    each(value, |value| {
        let Value::Object(given) = value else { return Err(wrong(value)) };
        let mount: ContainerMount = whole_map(&Value::Object(flat(given)?))?;
        let has_source = mount.source.as_ref().is_some_and(|source| !source.is_empty());
        match mount.kind {
            _ if !mount.target.starts_with('/') => Err(format!("the target {:?} is not absolute", mount.target)),
            MountKind::Bind if !has_source => Err(format!("the mount on {} has no source", mount.target)),
            MountKind::Tmpfs if has_source => Err(format!("memory on {} has no source", mount.target)),
            _ => Ok(mount),
        }
    })
}

/// The same with the options of one kind beside the rest.
fn flat(given: &Map<String, Value>) -> Read<Map<String, Value>> {
    let mut flat = Map::new();
    for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
        match (name.as_str(), value) {
            ("BindOptions" | "VolumeOptions" | "TmpfsOptions", Value::Object(inner)) => flat.extend(self::flat(inner)?),
            ("SizeBytes" | "tmpfs_size", size_of) => drop(flat.insert(name.clone(), size(size_of)?.into())),
            _ => drop(flat.insert(name.clone(), value.clone())),
        }
    }
    Ok(flat)
}
