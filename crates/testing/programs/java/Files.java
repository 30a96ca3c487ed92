import java.io.IOException;
import java.nio.file.*;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Writes, appends, renames, reads and removes below the working directory. Its name hides a class of the library's. */
public class Files {
    public static void main(String[] args) throws IOException {
        Path folder = Path.of("reports", "2024");
        java.nio.file.Files.createDirectories(folder);
        Path sales = folder.resolve("sales.csv");
        java.nio.file.Files.writeString(sales, "item,price\ntea,3.5\n");
        java.nio.file.Files.writeString(sales, "coffee,4.25\n", StandardOpenOption.APPEND);
        Path sold = java.nio.file.Files.move(sales, folder.resolve("sold.csv"));
        List<String> lines = java.nio.file.Files.readAllLines(sold);
        System.out.println(lines.stream().skip(1).mapToDouble(line -> Double.parseDouble(line.split(",")[1])).sum());
        System.out.println(sold.toAbsolutePath() + " " + java.nio.file.Files.size(sold));
        try (Stream<Path> tree = java.nio.file.Files.walk(Path.of("reports"))) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) java.nio.file.Files.delete(path);
        }
        System.out.println(java.nio.file.Files.exists(folder));
    }
}
