"""A pool, and threads that hand work to each other."""
import queue
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def square(number):
    return number * number


def consume(work, sums):
    total = 0
    while (number := work.get()) is not None:
        total += number
    sums.put(total)


if __name__ == "__main__":
    with ThreadPoolExecutor(4) as pool:
        print(sum(pool.map(square, range(100))))
    work, sums = queue.Queue(), queue.Queue()
    consumers = [threading.Thread(target=consume, args=(work, sums)) for _ in range(3)]
    for consumer in consumers:
        consumer.start()
    for number in range(1000):
        work.put(number)
    for consumer in consumers:
        work.put(None)
    for consumer in consumers:
        consumer.join()
    print(sum(sums.get() for _ in consumers))
    with ProcessPoolExecutor(2) as pool:
        print(sum(pool.map(square, range(10))))
