import java.nio.file.Files;
import java.nio.file.Path;

import store.Item;
import store.Store;

class Main {
    public static void main(String[] args) throws Exception {
        Store store = new Store(new Item("tea", 3), new Item("coffee", 4));
        System.out.println(store.total() + " " + store.cheapest() + " " + Files.readString(Path.of("prices.txt")).strip());
    }
}
