public class CompileError {
    public static void main(String[] args) {
        int count = 3;
        String text = count;
        System.out.println(missing);
    }
}
