# The fewest coins for a sum, by dynamic programming, and how many ways there are.
def fewest(coins, sum)
  best = [[]] + [nil] * sum
  (1..sum).each do |part|
    fitting = coins.select { |coin| coin <= part && best[part - coin] }
    best[part] = fitting.map { |coin| best[part - coin] + [coin] }.min_by(&:size)
  end
  best[sum]
end

def ways(coins, sum)
  coins.each_with_object([1] + [0] * sum) { |coin, counts| (coin..sum).each { |part| counts[part] += counts[part - coin] } }[sum]
end

p fewest([1, 15, 25], 30), ways([1, 2, 5, 10, 20, 50, 100, 200], 200)
