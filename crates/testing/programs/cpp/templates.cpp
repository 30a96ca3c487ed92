// What newer code is made of.
#include <algorithm>
#include <concepts>
#include <iostream>
#include <iterator>
#include <memory>
#include <ranges>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

template <typename T>
concept Number = std::integral<T> || std::floating_point<T>;

template <Number T>
T sum(std::span<const T> numbers) {
    T total{};
    for (T number : numbers) total += number;
    return total;
}

template <typename... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};

struct Shape {
    virtual ~Shape() = default;
    virtual std::string name() const = 0;
};

struct Circle : Shape {
    std::string name() const override { return "circle"; }
};

constexpr unsigned long fibonacci(int n) {
    unsigned long a = 0, b = 1;
    while (n-- > 0) b = std::exchange(a, b) + b;
    return a;
}

int main() {
    std::vector<int> numbers{1, 2, 3, 4, 5, 6};
    auto even = numbers | std::views::filter([](int n) { return n % 2 == 0; }) | std::views::transform([](int n) { return n * n; });
    std::ranges::copy(even, std::ostream_iterator<int>(std::cout, " "));
    std::cout << sum<int>(numbers) << '\n';
    std::variant<int, std::string> either = "text";
    std::visit(Overloaded{[](int) { std::cout << "number "; }, [](const std::string& s) { std::cout << s << ' '; }}, either);
    std::unique_ptr<Shape> shape = std::make_unique<Circle>();
    static_assert(fibonacci(10) == 55);
    std::cout << shape->name() << ' ' << fibonacci(90) << ' ' << (1 <=> 2 < 0) << '\n';
}
