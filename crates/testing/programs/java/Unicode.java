import java.io.*;
import java.nio.file.Files;
import java.nio.file.Path;

public class Unicode {
    public static void main(String[] args) throws IOException {
        int größe = 42;
        System.out.println("größe=" + größe + " — naïve ☕ 日本語 🦀");
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        for (String word = input.readLine(); word != null; word = input.readLine()) {
            System.out.println(new StringBuilder(word).reverse() + " " + word.codePointCount(0, word.length()) + " " + word.toUpperCase());
        }
        Files.writeString(Path.of("ünïcode-☕.txt"), "ja");
        System.out.println(Files.readString(Path.of("ünïcode-☕.txt")) + " " + args[0]);
        System.err.println("Fehler: Ärger");
    }
}
