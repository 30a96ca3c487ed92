import java.util.ArrayList;
import java.util.List;

public class Memory {
    public static void main(String[] args) {
        long most = Runtime.getRuntime().maxMemory() >> 20;
        System.out.println(most > 100 && most < 256);
        List<byte[]> kept = new ArrayList<>();
        try {
            while (true) kept.add(new byte[1 << 20]);
        } catch (OutOfMemoryError error) {
            int count = kept.size();
            kept = null;
            System.out.println("caught " + (count > 100 && count < 256));
        }
        grow();
    }

    static void grow() {
        List<String> kept = new ArrayList<>();
        while (true) kept.add("x".repeat(1 << 20));
    }
}
