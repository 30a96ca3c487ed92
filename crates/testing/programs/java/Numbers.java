import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Locale;

/** What the library counts with; the host's time zone and language are nobody's business. */
public class Numbers {
    public static void main(String[] args) {
        BigInteger factorial = BigInteger.ONE;
        for (int n = 2; n <= 30; n++) factorial = factorial.multiply(BigInteger.valueOf(n));
        System.out.println(factorial + " " + new BigDecimal("0.10").add(new BigDecimal("0.20")));
        System.out.println(LocalDate.of(2024, 2, 28).plusDays(2) + " " + String.format(Locale.GERMANY, "%,.2f", 1234567.891));
        System.out.println(Integer.MAX_VALUE + 1 + " " + Math.floorMod(-7, 3) + " " + Double.compare(0.0, -0.0));
    }
}
