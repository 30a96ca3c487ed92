package store;

public record Item(String name, int price) {}
