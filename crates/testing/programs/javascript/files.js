// Writes, appends, renames, reads and removes below the working directory.
const fs = require('fs');
const path = require('path');

fs.mkdirSync('reports/2024', { recursive: true });
fs.writeFileSync('reports/2024/sales.csv', 'item,price\ntea,3.5\n');
fs.appendFileSync('reports/2024/sales.csv', 'coffee,4.25\n');
fs.renameSync('reports/2024/sales.csv', 'reports/2024/sold.csv');
const rows = fs.readFileSync('reports/2024/sold.csv', 'utf8').trim().split('\n').slice(1);
console.log(rows.map((row) => Number(row.split(',')[1])).reduce((a, b) => a + b));
console.log(path.resolve('reports'), fs.readdirSync('reports/2024'), fs.statSync('reports/2024/sold.csv').size);
fs.rmSync('reports', { recursive: true });
console.log(fs.existsSync('reports'));
