import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;

/** A filter: the most frequent words of standard input. */
public class WordCount {
    public static void main(String[] args) {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        Map<String, Long> words = input.lines()
            .flatMap(line -> Arrays.stream(line.toLowerCase().split("\\W+")))
            .filter(word -> !word.isEmpty())
            .collect(Collectors.groupingBy(word -> word, Collectors.counting()));
        words.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()).thenComparing(Map.Entry.comparingByKey()))
            .limit(3)
            .forEach(entry -> System.out.printf("%3d %s%n", entry.getValue(), entry.getKey()));
    }
}
