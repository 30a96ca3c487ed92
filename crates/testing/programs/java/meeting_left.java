import java.nio.file.Files;
import java.nio.file.Path;

public class Main {
    static class Name {
        public String toString() {
            return "left";
        }
    }

    public static void main(String[] args) throws Exception {
        Files.createFile(Path.of("left"));
        while (!Files.exists(Path.of("right"))) Thread.sleep(10);
        System.out.println(new Name() + " met right");
    }
}
