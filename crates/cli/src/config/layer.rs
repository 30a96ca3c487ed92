//! Values from several places, and which of them count.

use std::ffi::OsString;

use super::{
    origin::Origin,
    setting::{Form, SETTINGS, Setting, name_of},
};
use crate::arguments::Settable;

/// One value of a setting, in the form of the command line.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// What is set.
    pub(crate) setting: &'static Setting,
    /// To what.
    pub(crate) word: OsString,
    /// By what.
    pub(crate) origin: Origin,
}

/// What one place says.
pub(crate) type Layer = Vec<Entry>;

/// The values that count of layers of which the nearest comes first, in the order of the settings.
pub(crate) fn settle(layers: &[Layer]) -> Vec<Entry> {
    let chosen = SETTINGS.iter().flat_map(|setting| match setting.form {
        // Farthest first, so that what is nearer stands behind it.
        Form::List(_) => layers.iter().rev().flat_map(|layer| of(layer, setting.choice())).cloned().collect(),
        Form::Table(_) => nearest_of_each_name(layers, setting),
        Form::Text(_) | Form::Path(_) | Form::Flag(_) => {
            let nearest = layers.iter().find(|layer| of(layer, setting.choice()).next().is_some());
            nearest
                .into_iter()
                .flat_map(|layer| of(layer, std::slice::from_ref(&setting.name)))
                .cloned()
                .collect::<Vec<_>>()
        }
    });
    chosen.collect()
}

fn of<'a>(layer: &'a Layer, names: &[&'static str]) -> impl Iterator<Item = &'a Entry> {
    layer.iter().filter(|entry| names.contains(&entry.setting.name))
}

fn nearest_of_each_name(layers: &[Layer], setting: &Setting) -> Vec<Entry> {
    let mut chosen: Vec<Entry> = Vec::new();
    for entry in layers.iter().flat_map(|layer| of(layer, setting.choice())) {
        if chosen.iter().all(|nearer| name_of(&nearer.word) != name_of(&entry.word)) {
            chosen.push(entry.clone());
        }
    }
    chosen.sort_by(|one, other| one.word.cmp(&other.word));
    chosen
}

/// Puts what was said elsewhere behind what the arguments say themselves; leaves what came to count.
pub(crate) fn apply(entries: Vec<Entry>, arguments: &mut Settable<'_>) -> Vec<Entry> {
    let given: Vec<_> = SETTINGS.iter().filter(|setting| setting.is_given(arguments)).collect();
    let mut applied: Vec<Entry> = Vec::new();
    for entry in entries {
        let is_chosen = given.iter().any(|setting| entry.setting.choice().contains(&setting.name));
        let before = applied.iter().filter(|other| other.setting.name == entry.setting.name).count();
        if (entry.setting.is_repeated() || !is_chosen) && put(&entry, before, arguments).is_some() {
            applied.push(entry);
        }
    }
    applied
}

/// Puts one value in its place, in a list behind those before it; `None` where it does not count.
fn put(entry: &Entry, before: usize, arguments: &mut Settable<'_>) -> Option<()> {
    let word = entry.word.clone();
    match entry.setting.form {
        Form::Text(place) => *place(arguments)? = Some(word),
        Form::Path(place) => *place(arguments)? = Some(word.into()),
        Form::Flag(place) => *place(arguments)? = word == "true",
        Form::List(place) => place(arguments)?.insert(before, word),
        Form::Table(place) => {
            let items = place(arguments)?;
            if items.iter().any(|item| name_of(item) == name_of(&word)) {
                return None;
            }
            items.push(word);
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::SandboxArguments;

    fn layer(words: &[(&str, &str)]) -> Layer {
        let entry = |(name, word): &(&str, &str)| Entry {
            setting: Setting::named(name).unwrap(),
            word: word.into(),
            origin: Origin::Variable(String::new()),
        };
        words.iter().map(entry).collect()
    }

    fn settled(layers: &[&[(&str, &str)]], mut arguments: SandboxArguments) -> SandboxArguments {
        let layers: Vec<_> = layers.iter().map(|words| layer(words)).collect();
        let (mut language, mut output, mut files) = (None, None, Vec::new());
        let (language, output, files) = (&mut language, &mut output, Some(&mut files));
        apply(settle(&layers), &mut Settable { sandbox: &mut arguments, language, output, files });
        arguments
    }

    #[test]
    fn the_nearest_value_counts() {
        let given = SandboxArguments { cpus: Some("4".into()), ..Default::default() };
        let found =
            settled(&[&[("memory", "1g")], &[("memory", "2g"), ("cpus", "2")], &[("cpus", "3"), ("pids", "9")]], given);
        let values = [found.memory, found.cpus, found.pids].map(Option::unwrap);
        assert_eq!(values, ["1g", "4", "9"]);
    }

    #[test]
    fn what_is_repeated_adds_up_and_names_are_taken_once() {
        let given = SandboxArguments { mount: vec!["d".into()], env: vec!["A=line".into()], ..Default::default() };
        let near = [("mount", "c"), ("env", "B=near")];
        let far = [("mount", "a"), ("mount", "b"), ("env", "A=far"), ("env", "B=far"), ("env", "C=far")];
        let found = settled(&[&near, &far], given);
        assert_eq!(found.mount, ["a", "b", "c", "d"]);
        assert_eq!(found.env, ["A=line", "B=near", "C=far"]);
    }

    #[test]
    fn an_image_named_nearby_ends_a_container_named_afar() {
        let found = settled(&[&[("image", "near")], &[("container", "far")]], SandboxArguments::default());
        assert_eq!((found.image, found.container), (Some("near".into()), None));
        let given = SandboxArguments { container: Some("line".into()), ..Default::default() };
        assert_eq!(settled(&[&[("image", "near")]], given).image, None);
    }

    #[test]
    fn a_profile_can_say_no() {
        let found = settled(&[&[("keep-template", "false")], &[("keep-template", "true")]], Default::default());
        assert!(!found.keep_template);
    }
}
