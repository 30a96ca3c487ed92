"""Shortest paths by a heap."""
import heapq
from collections import defaultdict

EDGES = [("a", "b", 7), ("a", "c", 9), ("a", "f", 14), ("b", "c", 10), ("b", "d", 15), ("c", "d", 11), ("c", "f", 2), ("d", "e", 6), ("e", "f", 9)]

graph = defaultdict(list)
for start, end, length in EDGES:
    graph[start].append((end, length))
    graph[end].append((start, length))


def shortest(source, target):
    heap = [(0, source, [source])]
    seen = set()
    while heap:
        distance, place, path = heapq.heappop(heap)
        if place == target:
            return distance, path
        if place in seen:
            continue
        seen.add(place)
        for neighbour, length in graph[place]:
            if neighbour not in seen:
                heapq.heappush(heap, (distance + length, neighbour, path + [neighbour]))


distance, path = shortest("a", "e")
print(distance, "->".join(path))
