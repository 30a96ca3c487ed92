//! Which classes are in which package of the platform, as far as rules may be about them.

use std::collections::HashMap;
use std::sync::OnceLock;

/// The packages that have a class of that name.
pub(super) fn packages(class: &str) -> &'static [&'static str] {
    static PACKAGES: OnceLock<HashMap<&str, Vec<&str>>> = OnceLock::new();
    let packages = PACKAGES.get_or_init(|| {
        let mut packages: HashMap<&str, Vec<&str>> = HashMap::new();
        for line in include_str!("classes.txt").lines() {
            let mut words = line.split(' ');
            let package = words.next().unwrap_or_default();
            words.for_each(|class| packages.entry(class).or_default().push(package));
        }
        packages
    });
    packages.get(class).map(Vec::as_slice).unwrap_or_default()
}

/// Whether all classes of a package that matter are known.
pub(super) fn is_known(package: &str) -> bool {
    include_str!("classes.txt").lines().any(|line| line.split(' ').next() == Some(package))
}

/// Whether a name is one of a class, as names are written in Java.
pub(super) fn is_class_name(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_uppercase())
}

/// Whether a path ends in a class: it is one, or an object of it.
pub(super) fn is_class(path: &str) -> bool {
    !path.contains('(') && path.rsplit('.').next().is_some_and(is_class_name)
}
