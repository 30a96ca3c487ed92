public class Environment {
    public static void main(String[] args) {
        System.out.println(System.getenv("GREETING") + " " + System.getenv("ABSENT") + " " + System.getenv("HOME") + " "
            + System.getProperty("user.dir") + " " + System.getProperty("shop.name"));
    }
}
