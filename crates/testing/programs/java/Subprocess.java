import java.nio.charset.StandardCharsets;

public class Subprocess {
    public static void main(String[] args) throws Exception {
        Process sort = new ProcessBuilder("sort", "-r").start();
        try (var input = sort.getOutputStream()) {
            input.write("b\na\nc\n".getBytes(StandardCharsets.UTF_8));
        }
        System.out.println(new String(sort.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip().replace("\n", " "));
        System.out.println(sort.waitFor());
        Process failing = new ProcessBuilder("ls", "/no/such/file").redirectErrorStream(true).start();
        System.out.println(new String(failing.getInputStream().readAllBytes(), StandardCharsets.UTF_8).contains("/no/such/file") + " " + failing.waitFor());
        Process inherited = new ProcessBuilder("echo", "straight", "out").inheritIO().start();
        System.out.println(inherited.waitFor());
    }
}
