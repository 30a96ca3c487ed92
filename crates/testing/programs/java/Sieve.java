import java.util.BitSet;
import java.util.stream.Collectors;

/** Counts primes below a million and lists the last few. */
public class Sieve {
    static BitSet primes(int limit) {
        BitSet primes = new BitSet(limit);
        primes.set(2, limit);
        for (int number = 2; (long) number * number < limit; number = primes.nextSetBit(number + 1)) {
            for (int multiple = number * number; multiple < limit; multiple += number) {
                primes.clear(multiple);
            }
        }
        return primes;
    }

    public static void main(String[] args) {
        BitSet primes = primes(1_000_000);
        int count = primes.cardinality();
        String last = primes.stream().skip(count - 3).mapToObj(Integer::toString).collect(Collectors.joining(" "));
        System.out.println(count + " " + last);
    }
}
