# Counts primes below a million and lists the last few.
sieve <- function(limit) {
  is_prime <- rep(TRUE, limit - 1)
  is_prime[1] <- FALSE
  for (number in 2:floor(sqrt(limit))) {
    if (is_prime[number]) is_prime[seq(number * number, limit - 1, by = number)] <- FALSE
  }
  which(is_prime)
}

primes <- sieve(1000000)
cat(length(primes), tail(primes, 3), "\n")
