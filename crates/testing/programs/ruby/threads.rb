work = Queue.new
sums = Queue.new
consumers = Array.new(3) do
  Thread.new do
    total = 0
    while (number = work.pop)
      total += number
    end
    sums << total
  end
end
1000.times { |number| work << number }
work.close
consumers.each(&:join)
puts Array.new(3) { sums.pop }.sum

mutex = Mutex.new
count = 0
Array.new(8) { Thread.new { 100.times { mutex.synchronize { count += 1 } } } }.each(&:join)
puts count, Thread.new { 6 * 7 }.value

fiber = Fiber.new { 3.times { |number| Fiber.yield(number) }; :done }
p Array.new(4) { fiber.resume }
