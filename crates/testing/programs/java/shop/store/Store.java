package store;

import java.util.Arrays;
import java.util.Comparator;

public class Store {
    private final Item[] items;

    public Store(Item... items) {
        this.items = items;
    }

    public int total() {
        return Arrays.stream(items).mapToInt(Item::price).sum();
    }

    public Item cheapest() {
        return Arrays.stream(items).min(Comparator.comparingInt(Item::price)).orElseThrow();
    }
}
