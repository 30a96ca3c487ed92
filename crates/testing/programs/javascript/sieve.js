// Counts primes below a million and lists the last few.
const limit = 1_000_000;
const composite = new Uint8Array(limit);
const primes = [];
for (let number = 2; number < limit; number++) {
  if (composite[number]) continue;
  primes.push(number);
  for (let multiple = number * number; multiple < limit; multiple += number) composite[multiple] = 1;
}
console.log(primes.length, ...primes.slice(-3));
