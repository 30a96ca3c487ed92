import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

public class Threads {
    public static void main(String[] args) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        List<Future<Long>> parts = new ArrayList<>();
        for (int part = 0; part < 4; part++) {
            long from = part * 1000L;
            parts.add(pool.submit(() -> LongStream.range(from, from + 1000).sum()));
        }
        long sum = 0;
        for (Future<Long> part : parts) sum += part.get();
        pool.shutdown();
        System.out.println(sum + " " + pool.awaitTermination(10, TimeUnit.SECONDS));

        BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(10);
        AtomicLong taken = new AtomicLong();
        Thread consumer = new Thread(() -> {
            try {
                for (int number = queue.take(); number >= 0; number = queue.take()) taken.addAndGet(number);
            } catch (InterruptedException error) {
                Thread.currentThread().interrupt();
            }
        });
        consumer.start();
        for (int number = 0; number < 1000; number++) queue.put(number);
        queue.put(-1);
        consumer.join();
        System.out.println(taken);
        System.out.println(CompletableFuture.supplyAsync(() -> 6).thenCombine(CompletableFuture.supplyAsync(() -> 7), (a, b) -> a * b).get());
        System.out.println(LongStream.rangeClosed(1, 1000).parallel().map(n -> n * n).sum());
    }
}
