// What newer code is made of.
class Account {
  static #count = 0;
  #balance = 0n;

  constructor(owner) {
    this.owner = owner;
    Account.#count += 1;
  }

  deposit(amount) {
    this.#balance += BigInt(amount);
    return this;
  }

  get balance() {
    return this.#balance;
  }

  static get count() {
    return Account.#count;
  }
}

function* fibonacci() {
  let [a, b] = [0n, 1n];
  for (;;) {
    yield a;
    [a, b] = [b, a + b];
  }
}

const account = new Account('a').deposit(2 ** 40).deposit(1);
console.log(account.balance, account?.missing?.deeper ?? 'nothing', Account.count);
let last;
let steps = 0;
for (const number of fibonacci()) {
  last = number;
  if (++steps > 90) break;
}
console.log(last, new Map(Object.entries({ x: 1 })), '2024-02-29'.replace(/(?<year>\d+)-(?<month>\d+)/, '$<month>/$<year>'));
console.log(new Date(Date.UTC(2024, 1, 28) + 2 * 86400000).toISOString(), [3, 1, 2].toSorted?.() ?? [3, 1, 2].sort());
