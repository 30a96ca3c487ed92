import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON by hand, for there is nothing in the library, and sums the orders in it. */
public class Json {
    private final String text;
    private int at;

    Json(String text) {
        this.text = text;
    }

    Object value() {
        char first = peek();
        switch (first) {
            case '{': {
                Map<String, Object> object = new LinkedHashMap<>();
                for (at++; peek() != '}'; skip(',')) {
                    String key = (String) value();
                    expect(':');
                    object.put(key, value());
                }
                at++;
                return object;
            }
            case '[': {
                List<Object> list = new ArrayList<>();
                for (at++; peek() != ']'; skip(',')) list.add(value());
                at++;
                return list;
            }
            case '"': {
                int end = text.indexOf('"', at + 1);
                String string = text.substring(at + 1, end);
                at = end + 1;
                return string;
            }
            default: {
                int start = at;
                while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
                if (start == at) throw new IllegalStateException("unexpected " + first + " at " + at);
                return Double.parseDouble(text.substring(start, at));
            }
        }
    }

    private char peek() {
        while (Character.isWhitespace(text.charAt(at))) at++;
        return text.charAt(at);
    }

    private void skip(char expected) {
        if (peek() == expected) at++;
    }

    private void expect(char expected) {
        if (peek() != expected) throw new IllegalStateException("no " + expected + " at " + at);
        at++;
    }

    public static void main(String[] args) throws IOException {
        String text = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        double total = 0;
        List<String> names = new ArrayList<>();
        List<?> orders = (List<?>) ((Map<?, ?>) new Json(text).value()).get("orders");
        for (Object order : orders) {
            Map<?, ?> fields = (Map<?, ?>) order;
            Object count = fields.get("count");
            total += (Double) fields.get("price") * (count == null ? 1 : (Double) count);
            names.add((String) fields.get("name"));
        }
        names.sort(null);
        System.out.println(String.format("{\"total\": %.2f, \"names\": %s}", total, names));
        try {
            new Json("[1, ?]").value();
        } catch (IllegalStateException error) {
            System.out.println(error.getMessage());
        }
    }
}
