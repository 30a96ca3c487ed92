import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.util.JavacTask;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Prints what each file of the platform's sources imports, one JSON object a line, and puts the file below a directory. */
class JavaImports {
    /** Of so many files one is looked at. */
    private static final int EACH = 4;

    public static void main(String[] arguments) throws Exception {
        Path sources = Path.of(System.getProperty("java.home"), "lib", "src.zip");
        Path directory = Path.of(arguments[0]);
        try (FileSystem zip = FileSystems.newFileSystem(sources)) {
            List<Path> files;
            try (var all = Files.walk(zip.getPath("/"))) {
                files = all.filter(path -> path.toString().endsWith(".java")).sorted().toList();
            }
            for (int at = 0; at < files.size(); at += EACH) {
                String text = Files.readString(files.get(at));
                Path copy = Files.writeString(directory.resolve(at + ".java"), text);
                TreeSet<String> names = imports(text);
                if (names != null) {
                    System.out.println("{\"path\":\"" + copy + "\",\"modules\":[" + String.join(",", names) + "]}");
                }
            }
        }
    }

    /** What is imported, quoted; nothing where the compiler finds the file wrong. */
    private static TreeSet<String> imports(String text) throws Exception {
        var file = new SimpleJavaFileObject(URI.create("string:///X.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignore) {
                return text;
            }
        };
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var diagnostics = new DiagnosticCollector<JavaFileObject>();
        var task = (JavacTask) compiler.getTask(null, null, diagnostics, List.of(), null, List.of(file));
        var names = new TreeSet<String>();
        for (CompilationUnitTree unit : task.parse()) {
            for (ImportTree each : unit.getImports()) {
                String name = each.getQualifiedIdentifier().toString();
                boolean isPart = each.isStatic() || name.endsWith(".*");
                names.add('"' + (isPart ? name.substring(0, name.lastIndexOf('.')) : name) + '"');
            }
        }
        return diagnostics.getDiagnostics().isEmpty() ? names : null;
    }
}
