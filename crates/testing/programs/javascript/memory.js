const kept = [];
console.log('begun');
for (;;) kept.push(Buffer.alloc(8 << 20, 1));
