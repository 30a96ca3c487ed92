import java.nio.file.Files;
import java.nio.file.Path;

public class Main {
    static class Name {
        public String toString() {
            return "right";
        }
    }

    public static void main(String[] args) throws Exception {
        Files.createFile(Path.of("right"));
        while (!Files.exists(Path.of("left"))) Thread.sleep(10);
        System.out.println(new Name() + " met left");
    }
}
