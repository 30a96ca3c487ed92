//! What names stand for: variables, classes, packages and their members.

use std::ops::Range;
use std::rc::Rc;

use super::Java;
use super::classes::{is_class_name, packages};
use super::imports::method_key;
use crate::flow::sequences::{entry, gathered, has_entry};
use crate::flow::value::{Named, Value};
use crate::flow::walk::Seen;

/// Letters that a name may have which is put together here.
const LONGEST_PATH: usize = 1000;

/// What the names of packages begin with.
const ROOTS: [&str; 20] = [
    "java", "javax", "jdk", "sun", "com", "org", "net", "io", "groovy", "groovyx", "kotlin", "scala", "jakarta",
    "android", "dev", "edu", "bsh", "ognl", "clojure", "jnr",
];

/// Classes whose objects are followed by their value alone.
const PLAIN: [&str; 14] = [
    "String",
    "Object",
    "CharSequence",
    "Integer",
    "Long",
    "Short",
    "Byte",
    "Character",
    "Boolean",
    "Double",
    "Float",
    "Number",
    "StringBuilder",
    "StringBuffer",
];

/// What stands for a name that nothing binds.
const UNBOUND: Value = Value::Local(usize::MAX);

impl Java {
    pub(super) fn identifier(&mut self, node: &Seen<'_>) -> Value {
        let name = self.reading.text(node.node);
        self.by_name(&name, &node.node.byte_range())
    }

    /// What a name is that stands alone.
    pub(super) fn by_name(&mut self, name: &str, span: &Range<usize>) -> Value {
        let bound = self.reading.scopes.look_up(name, UNBOUND);
        if !bound.alternatives().contains(&UNBOUND) {
            return bound;
        }
        let otherwise = self.unbound(name, span);
        bound.map(|value| if *value == UNBOUND { otherwise.clone() } else { value.clone() })
    }

    fn unbound(&mut self, name: &str, span: &Range<usize>) -> Value {
        if is_class_name(name) {
            let classes = self.classes(name);
            for class in classes.alternatives().iter().filter_map(Value::as_named) {
                self.loads(&class.path, span);
            }
            return if classes.is_unknown() { self.of_static(name) } else { classes };
        }
        // A field that is inherited.
        if let Some(field) = self.reading.scopes.field(name) {
            return field;
        }
        if ROOTS.contains(&name) {
            return Value::named(name);
        }
        self.of_static(name)
    }

    /// The classes that a name may stand for by the packages of which all is imported.
    fn classes(&self, name: &str) -> Value {
        let known = packages(name);
        if let Some(package) = known.iter().find(|package| self.packages.iter().any(|taken| &**taken == **package)) {
            return Value::named(format!("{package}.{name}"));
        }
        if known.contains(&"java.lang") {
            return Value::named(format!("java.lang.{name}"));
        }
        if let Some(package) = known.iter().find(|package| self.takes_platform && package.starts_with("java.")) {
            return Value::named(format!("{package}.{name}"));
        }
        Value::either(self.others.iter().take(4).map(|package| Value::named(format!("{package}.{name}"))))
    }

    /// What a static import of all members may give.
    fn of_static(&self, name: &str) -> Value {
        Value::either(self.statics.iter().map(|class| Value::named(format!("{class}.{name}"))))
    }

    /// What `name(…)` calls: a method of the code itself, of what its class extends, or one that is imported.
    pub(super) fn unqualified(&self, name: &str) -> Value {
        if name == "getClass" {
            return Value::method(Value::Unknown, name);
        }
        let key = method_key(name);
        if let Some(own) = self.reading.scopes.field(&key) {
            return own;
        }
        let imported = self.reading.scopes.look_up(&key, Value::Unknown);
        if !imported.is_unknown() {
            return imported;
        }
        let inherited = self.reading.scopes.look_up("this", Value::Unknown).map(|class| match class.as_named() {
            Some(named) => Value::named(format!("{}.{name}", named.path)),
            None => Value::Unknown,
        });
        let of_static = self.of_static(name);
        Value::either([inherited, of_static].into_iter().filter(|value| !value.is_unknown()))
    }

    pub(super) fn field_access(&mut self, node: &Seen<'_>) -> Value {
        let span = node.node.byte_range();
        let Some(field) = node.part("field") else {
            // A receiver that is still being typed.
            return node.first();
        };
        let name = self.reading.text(field.node);
        match node.part("object") {
            Some(object) if matches!(object.kind, "this" | "super") => self.by_name(&name, &span),
            Some(object) => self.member(&object.value.clone(), &name, &span),
            None => Value::Unknown,
        }
    }

    /// `object.name`, of a package, a class or an object.
    pub(super) fn member(&mut self, object: &Value, name: &str, span: &Range<usize>) -> Value {
        let members: Vec<_> = object.alternatives().iter().map(|one| self.member_of_one(one, name, span)).collect();
        gathered(members)
    }

    fn member_of_one(&mut self, object: &Value, name: &str, span: &Range<usize>) -> Value {
        match object {
            Value::Named(Named { path, about }) if path.len() <= LONGEST_PATH => match (&**path, name) {
                ("java.io.File", "separator" | "separatorChar") => Value::text("/"),
                ("java.io.File", "pathSeparator" | "pathSeparatorChar") => Value::text(":"),
                _ => {
                    let path: Rc<str> = format!("{path}.{name}").into();
                    self.loads(&path, span);
                    Value::about(path, about.clone())
                }
            },
            Value::Sequence(elements) if name == "length" => {
                i64::try_from(elements.len()).map_or(Value::Unknown, Value::Number)
            }
            Value::Named(_) => Value::Unknown,
            Value::Mapping(entries) if has_entry(entries, name) => entry(entries, &Value::text(name)),
            _ => match self.reading.scopes.field(name) {
                Some(field) => field,
                None => Value::method(object.clone(), name),
            },
        }
    }

    /// `a.b.C` where a type stands.
    pub(super) fn scoped_type(&mut self, node: &Seen<'_>) -> Value {
        let Some((last, before)) = node.parts.split_last() else { return Value::Unknown };
        let Some(first) = before.iter().find(|part| !part.kind.contains("annotation")) else { return Value::Unknown };
        let name = self.reading.text(last.node);
        self.member(&first.value.clone(), &name, &node.node.byte_range())
    }

    /// `X.class`.
    pub(super) fn class_literal(&self, node: &Seen<'_>) -> Value {
        node.first().map(class_object)
    }
}

/// The object of class `Class` that stands for a class.
pub(super) fn class_object(class: &Value) -> Value {
    let about = match class.as_named() {
        Some(named) => Value::text(named.path.clone()),
        None => Value::Unknown,
    };
    Value::about("java.lang.Class", super::calls::text_of(&about))
}

/// What is known of something of which nothing is known but its type.
pub(super) fn object_of(class: &Value) -> Value {
    class.map(|class| match class.as_named() {
        Some(named) if !named.path.strip_prefix("java.lang.").is_some_and(|name| PLAIN.contains(&name)) => {
            class.clone()
        }
        _ => Value::Unknown,
    })
}

/// A value, or what its type tells where it is not known.
pub(super) fn typed(value: &Value, class: &Value) -> Value {
    let by_type = object_of(class);
    value.map(|value| match (value, by_type.as_named()) {
        (Value::Unknown, _) => by_type.clone(),
        // What a call gives is known by its type, unless it is worth more to know where it comes from.
        (Value::Named(named), Some(class))
            if named.path.ends_with(')') && super::paths::element(named).is_unknown() =>
        {
            Value::about(class.path.clone(), named.about.clone())
        }
        _ => value.clone(),
    })
}
