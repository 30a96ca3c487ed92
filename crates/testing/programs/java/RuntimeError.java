public class RuntimeError {
    static String third(String... words) {
        return words[2];
    }

    public static void main(String[] args) {
        System.out.println(third("a", "b", "c"));
        System.out.println(third("a"));
    }
}
