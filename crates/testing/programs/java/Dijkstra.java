import java.util.*;

class Dijkstra {
    record Edge(String to, int length) {}

    record Step(String place, int distance) implements Comparable<Step> {
        public int compareTo(Step other) {
            return Integer.compare(distance, other.distance);
        }
    }

    public static void main(String[] args) {
        Object[][] edges = {{"a", "b", 7}, {"a", "c", 9}, {"a", "f", 14}, {"b", "c", 10}, {"b", "d", 15},
            {"c", "d", 11}, {"c", "f", 2}, {"d", "e", 6}, {"e", "f", 9}};
        Map<String, List<Edge>> graph = new HashMap<>();
        for (Object[] edge : edges) {
            graph.computeIfAbsent((String) edge[0], key -> new ArrayList<>()).add(new Edge((String) edge[1], (int) edge[2]));
            graph.computeIfAbsent((String) edge[1], key -> new ArrayList<>()).add(new Edge((String) edge[0], (int) edge[2]));
        }
        Map<String, Integer> distances = new TreeMap<>();
        PriorityQueue<Step> open = new PriorityQueue<>(List.of(new Step("a", 0)));
        while (!open.isEmpty()) {
            Step step = open.poll();
            if (distances.putIfAbsent(step.place(), step.distance()) != null) continue;
            for (Edge edge : graph.get(step.place())) open.add(new Step(edge.to(), step.distance() + edge.length()));
        }
        System.out.println(distances);
    }
}
