process.on('exit', (code) => console.log('leaving with', code));
console.error('checked');
process.exitCode = 7;
