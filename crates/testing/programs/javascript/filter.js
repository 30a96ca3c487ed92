// A filter: lines of standard input, numbered and in capitals.
const readline = require('readline');

(async () => {
  let number = 0;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`${String(++number).padStart(3)} ${line.toUpperCase()}\n`);
  }
})();
