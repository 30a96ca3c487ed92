import java.util.Arrays;

public class Arguments {
    public static void main(String... args) {
        System.out.println(args.length + " " + Arrays.toString(args));
    }
}
