//! What is known of what a call gives.

use super::calls::text_of;
use crate::flow::value::{Given, Named, Value};

/// Letters of a name that is made of calls of what calls give.
const LONGEST: usize = 200;

/// Methods that give an object of another class than they are of.
const GIVES: [(&str, &str); 26] = [
    ("java.lang.Runtime.getRuntime", "java.lang.Runtime"),
    ("java.lang.Runtime.exec", "java.lang.Process"),
    ("java.lang.ProcessBuilder.start", "java.lang.Process"),
    ("java.lang.Process.toHandle", "java.lang.ProcessHandle"),
    ("java.lang.ProcessHandle.current", "java.lang.ProcessHandle"),
    ("java.lang.ProcessHandle.of", "java.lang.ProcessHandle"),
    ("java.lang.ProcessHandle.parent", "java.lang.ProcessHandle"),
    ("java.lang.Thread.currentThread", "java.lang.Thread"),
    ("java.lang.Thread.getContextClassLoader", "java.lang.ClassLoader"),
    ("java.lang.ClassLoader.getSystemClassLoader", "java.lang.ClassLoader"),
    ("java.lang.ClassLoader.getPlatformClassLoader", "java.lang.ClassLoader"),
    ("java.lang.ClassLoader.getParent", "java.lang.ClassLoader"),
    ("java.lang.Class.getClassLoader", "java.lang.ClassLoader"),
    ("java.nio.file.FileSystems.getDefault", "java.nio.file.FileSystem"),
    ("javax.script.ScriptEngineManager.getEngineByName", "javax.script.ScriptEngine"),
    ("javax.script.ScriptEngineManager.getEngineByExtension", "javax.script.ScriptEngine"),
    ("java.util.Base64.getDecoder", "java.util.Base64.Decoder"),
    ("java.util.Base64.getUrlDecoder", "java.util.Base64.Decoder"),
    ("java.util.Base64.getMimeDecoder", "java.util.Base64.Decoder"),
    ("java.util.HexFormat.of", "java.util.HexFormat"),
    ("java.lang.invoke.MethodHandles.lookup", "java.lang.invoke.MethodHandles.Lookup"),
    ("java.lang.invoke.MethodHandles.publicLookup", "java.lang.invoke.MethodHandles.Lookup"),
    ("java.lang.invoke.MethodHandles.privateLookupIn", "java.lang.invoke.MethodHandles.Lookup"),
    ("jdk.jshell.JShell.create", "jdk.jshell.JShell"),
    ("javax.tools.ToolProvider.getSystemJavaCompiler", "javax.tools.JavaCompiler"),
    ("sun.misc.Unsafe.getUnsafe", "sun.misc.Unsafe"),
];

/// Methods that give the builder of a process itself.
const CONFIGURING: [&str; 7] =
    ["command", "directory", "redirectErrorStream", "inheritIO", "redirectOutput", "redirectInput", "redirectError"];

/// What calling `named` gives.
pub(super) fn of(named: &Named, given: &Given) -> Value {
    let path = &*named.path;
    if let Some(class) = path.strip_suffix(".new") {
        return new_object(class, given);
    }
    if let Some((_, class)) = GIVES.iter().find(|(method, _)| *method == path) {
        return Value::named(*class);
    }
    if path.strip_prefix("java.lang.ProcessBuilder.").is_some_and(|method| CONFIGURING.contains(&method)) {
        return Value::named("java.lang.ProcessBuilder");
    }
    if path.len() > LONGEST {
        return Value::Unknown;
    }
    let about = named.about.clone().or_else(|| text_of(&given.get(0)));
    Value::about(format!("{path}()"), about)
}

fn new_object(class: &str, given: &Given) -> Value {
    let first = given.get(0);
    if class == "java.lang.Object" {
        return Value::Unknown;
    }
    // What the program itself has written may be read again.
    if class == "java.io.ByteArrayInputStream"
        && first.as_named().is_some_and(|named| &*named.path == "java.io.ByteArrayOutputStream.toByteArray()")
    {
        return first;
    }
    Value::about(class, text_of(&first))
}
