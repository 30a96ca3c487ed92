public class Forever {
    public static void main(String[] args) throws InterruptedException {
        System.out.println("begun");
        Thread.currentThread().join();
    }
}
