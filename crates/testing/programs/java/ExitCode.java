public class ExitCode {
    public static void main(String[] args) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("last words")));
        System.err.println("checked");
        System.exit(7);
    }
}
