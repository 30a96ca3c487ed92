#include <atomic>
#include <condition_variable>
#include <future>
#include <iostream>
#include <mutex>
#include <numeric>
#include <queue>
#include <thread>
#include <vector>

int main() {
    std::vector<std::future<long>> parts;
    for (long part = 0; part < 4; ++part)
        parts.push_back(std::async(std::launch::async, [part] {
            long sum = 0;
            for (long number = part * 1000; number < (part + 1) * 1000; ++number) sum += number;
            return sum;
        }));
    long sum = 0;
    for (auto& part : parts) sum += part.get();
    std::cout << sum << '\n';

    std::mutex mutex;
    std::condition_variable came;
    std::queue<int> queue;
    long taken = 0;
    std::jthread consumer([&] {
        for (;;) {
            std::unique_lock lock(mutex);
            came.wait(lock, [&] { return !queue.empty(); });
            int number = queue.front();
            queue.pop();
            if (number < 0) return;
            taken += number;
        }
    });
    for (int number = 0; number <= 1000; ++number) {
        std::lock_guard lock(mutex);
        queue.push(number < 1000 ? number : -1);
        came.notify_one();
    }
    consumer.join();
    std::cout << taken << '\n';

    std::atomic<int> counter = 0;
    std::vector<std::thread> threads;
    for (int at = 0; at < 8; ++at) threads.emplace_back([&] { for (int n = 0; n < 1000; ++n) ++counter; });
    for (auto& thread : threads) thread.join();
    std::cout << counter << '\n';
}
