const fs = require('fs');
const items = require('./items.json');
const { total } = require('./lib/totals');

console.log(total(items), __filename, fs.readFileSync('prices.txt', 'utf8').trim());
import('./lib/cheapest.mjs').then(({ default: cheapest }) => console.log(cheapest(items)));
