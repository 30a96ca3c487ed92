//! Classes, methods and fields that are reached by their names.

use std::ops::Range;

use super::Java;
use super::classes::is_class;
use super::names::class_object;
use crate::facts::Dynamic;
use crate::flow::value::{Given, Named, Text, Value};

const CLASS: &str = "java.lang.Class";
const METHOD: &str = "java.lang.reflect.Method";
const FIELD: &str = "java.lang.reflect.Field";
const HANDLE: &str = "java.lang.invoke.MethodHandle";

impl Java {
    /// What a call gives that reaches for a class or a member; nothing where it is no such call.
    pub(super) fn reflect(&mut self, named: &Named, given: &Given, span: &Range<usize>, depth: usize) -> Option<Value> {
        let about = named.about.as_ref().filter(|about| about.whole);
        let (owner, method) = named.path.rsplit_once('.')?;
        Some(match (owner, method) {
            (_, "getClass") => Java::class_of(owner),
            (CLASS, "forName") => self.load(&named.path, given, span),
            (_, "loadClass" | "findClass") if is_loader(owner) => self.load(&named.path, given, span),
            (CLASS, "getMethod" | "getDeclaredMethod") => self.reflected(about, &given.get(0), METHOD, span),
            (CLASS, "getField" | "getDeclaredField") => self.reflected(about, &given.get(0), FIELD, span),
            (CLASS, "getConstructor" | "getDeclaredConstructor") => self.constructor(about, span),
            (
                CLASS,
                "getMethods"
                | "getDeclaredMethods"
                | "getFields"
                | "getDeclaredFields"
                | "getConstructors"
                | "getDeclaredConstructors",
            ) => {
                if let Some(class) = about {
                    self.reading.collected.dynamic(Dynamic::Attribute, &class.text, span.clone());
                }
                Value::Unknown
            }
            (CLASS, "newInstance") => {
                let path = format!("{}.new", about?.text);
                self.call_named(&Named { path: path.into(), about: None }, given, span, depth + 1)
            }
            ("java.lang.invoke.MethodHandles.Lookup", _) => return self.looked_up(method, given, span),
            ("java.beans.Expression" | "java.beans.Statement", "new") => {
                let class = given.get(0).as_named().map(|object| object.path.clone());
                let class = class.map(|text| Text { text, whole: true });
                self.reflected(class.as_ref(), &given.get(1), METHOD, span)
            }
            _ => return self.reflect_member(owner, method, named, given, span, depth),
        })
    }

    /// The same of what reflection has found: a method, a field, a handle.
    fn reflect_member(
        &mut self,
        owner: &str,
        method: &str,
        named: &Named,
        given: &Given,
        span: &Range<usize>,
        depth: usize,
    ) -> Option<Value> {
        let about = named.about.as_ref().filter(|about| about.whole);
        Some(match (owner, method) {
            (
                METHOD | "java.lang.reflect.Constructor" | HANDLE,
                "invoke" | "newInstance" | "invokeExact" | "invokeWithArguments",
            ) if depth < 4 => {
                let skipped = usize::from(owner == METHOD || !about?.text.ends_with(".new") && owner == HANDLE);
                self.invoked(about?, given, skipped, span, depth)
            }
            (FIELD, "get") => self.field_value(about?, span),
            (HANDLE, "bindTo" | "asType" | "asSpreader") => Value::Named(named.clone()),
            _ => return None,
        })
    }

    /// A class by its name.
    fn load(&mut self, path: &str, given: &Given, span: &Range<usize>) -> Value {
        let mut classes = Vec::new();
        for one in given.get(0).alternatives() {
            match one.whole_text() {
                Some(name) => {
                    let name = name.replace('$', ".");
                    self.reading.collected.import(&name, None, false, span.clone());
                    classes.push(class_object(&Value::named(name)));
                }
                None => {
                    self.reading.collected.dynamic(Dynamic::Import, path, span.clone());
                    classes.push(Value::named(CLASS));
                }
            }
        }
        Value::either(classes)
    }

    /// A member by its name.
    fn reflected(&mut self, class: Option<&Text>, name: &Value, kind: &str, span: &Range<usize>) -> Value {
        let mut members = Vec::new();
        for one in name.alternatives() {
            let path = match (one.whole_text(), class) {
                (Some(name), Some(class)) => format!("{}.{name}", class.text),
                (Some(name), None) => format!("?.{name}"),
                (None, class) => {
                    let class = class.map_or(CLASS, |class| &class.text);
                    self.reading.collected.dynamic(Dynamic::Attribute, class, span.clone());
                    members.push(Value::named(kind));
                    continue;
                }
            };
            if class.is_some() {
                self.reading.collected.use_of(&Value::named(path.as_str()), span);
            }
            members.push(Value::about(kind, Some(Text { text: path.into(), whole: true })));
        }
        Value::either(members)
    }

    fn constructor(&mut self, class: Option<&Text>, span: &Range<usize>) -> Value {
        let path = class.map(|class| format!("{}.new", class.text));
        if let Some(path) = &path {
            self.reading.collected.use_of(&Value::named(path.as_str()), span);
        }
        Value::about("java.lang.reflect.Constructor", path.map(|path| Text { text: path.into(), whole: true }))
    }

    /// Calls what an object of reflection stands for.
    fn invoked(&mut self, target: &Text, given: &Given, skipped: usize, span: &Range<usize>, depth: usize) -> Value {
        let rest: Vec<_> = given.positional.iter().skip(skipped).cloned().collect();
        let positional = match rest.as_slice() {
            [Value::Sequence(elements)] => elements.to_vec(),
            _ => rest,
        };
        let about = given.positional.first().filter(|_| skipped > 0).and_then(super::calls::text_of);
        let target = Named { path: target.text.clone(), about };
        self.call_named(&target, &Given { positional, ..Given::default() }, span, depth + 1)
    }

    fn field_value(&mut self, target: &Text, span: &Range<usize>) -> Value {
        let path = match &*target.text {
            "sun.misc.Unsafe.theUnsafe" => "sun.misc.Unsafe",
            other => other,
        };
        let value = Value::named(path);
        if !is_class(path) {
            self.reading.collected.use_of(&value, span);
        }
        value
    }

    /// What a lookup of method handles finds.
    fn looked_up(&mut self, method: &str, given: &Given, span: &Range<usize>) -> Option<Value> {
        let first = given.get(0);
        let class = first.as_named().filter(|named| &*named.path == CLASS).and_then(|named| named.about.clone());
        Some(match method {
            "findStatic" | "findVirtual" | "findSpecial" | "findGetter" | "findStaticGetter" | "bind" => {
                self.reflected(class.as_ref(), &given.get(1), HANDLE, span)
            }
            "findConstructor" => {
                let found = self.constructor(class.as_ref(), span);
                Value::about(HANDLE, super::calls::text_of(&found))
            }
            "unreflect" | "unreflectConstructor" => Value::about(HANDLE, super::calls::text_of(&first)),
            _ => return None,
        })
    }
}

fn is_loader(class: &str) -> bool {
    class.ends_with("ClassLoader") || class == "java.lang.invoke.MethodHandles.Lookup"
}
