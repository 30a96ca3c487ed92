const { parseArgs } = require('util');

const options = { times: { type: 'string', default: '1' } };
const { values, positionals } = parseArgs({ options, allowPositionals: true });
console.log(Array(Number(values.times)).fill(positionals).flat());
