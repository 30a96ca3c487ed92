"""Prints the primes below a number, as a model might have written it."""

import sys


def primes_below(limit):
    is_prime = [False, False] + [True] * (limit - 2)
    for number in range(2, int(limit**0.5) + 1):
        if is_prime[number]:
            for multiple in range(number * number, limit, number):
                is_prime[multiple] = False
    return [number for number, prime in enumerate(is_prime) if prime]


limit = int(sys.argv[1]) if len(sys.argv) > 1 else 50
print(*primes_below(limit))
