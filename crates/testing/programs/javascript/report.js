// Reads JSON, changes it and prints it.
const { orders } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const total = orders.reduce((sum, { price, count = 1 }) => sum + price * count, 0);
console.log(JSON.stringify({ total: Number(total.toFixed(2)), names: orders.map(({ name }) => name).sort(), none: null }));
try {
  JSON.parse('{"broken": [1, 2');
} catch (error) {
  console.log(error.name);
}
