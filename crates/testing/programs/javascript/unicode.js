const fs = require('fs');

const größe = 42;
console.log(`größe=${größe} — naïve ☕ 日本語 🦀`);
for (const word of fs.readFileSync(0, 'utf8').trim().split('\n')) {
  console.log([...word].reverse().join(''), [...word].length, word.length, word.toUpperCase(), word.normalize('NFD') === word);
}
fs.writeFileSync('ünïcode-☕.txt', 'ja');
console.log(fs.readFileSync('ünïcode-☕.txt', 'utf8'), process.argv[2]);
console.error('Fehler: Ärger');
