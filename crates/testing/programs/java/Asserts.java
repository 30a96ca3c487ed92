import java.util.*;

public class Asserts {
    public static void main(String[] args) {
        List raw = new ArrayList();
        System.out.println("before");
        assert raw.size() == 1 : "it is empty";
        System.out.println("after");
    }
}
