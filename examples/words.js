// Counts the words on standard input.
const text = require("fs").readFileSync(0, "utf8");
const counts = new Map();
for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}
for (const [word, count] of [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))) {
  console.log(`${count} ${word}`);
}
