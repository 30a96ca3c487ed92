# Counts primes below a million and lists the last few.
limit = 1_000_000
is_prime = Array.new(limit, true)
is_prime[0] = is_prime[1] = false
(2..Integer.sqrt(limit)).each do |number|
  next unless is_prime[number]
  (number * number).step(limit - 1, number) { |multiple| is_prime[multiple] = false }
end
primes = is_prime.each_index.select { |number| is_prime[number] }
puts "#{primes.size} #{primes.last(3).join(' ')}"
