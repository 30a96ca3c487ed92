// The most valuable things that fit, by dynamic programming, and which they are.
const things = [
  { name: 'map', weight: 9, value: 150 },
  { name: 'compass', weight: 13, value: 35 },
  { name: 'water', weight: 153, value: 200 },
  { name: 'sandwich', weight: 50, value: 160 },
  { name: 'glucose', weight: 15, value: 60 },
  { name: 'tin', weight: 68, value: 45 },
  { name: 'banana', weight: 27, value: 60 },
];

function pack(capacity) {
  const best = Array.from({ length: things.length + 1 }, () => new Array(capacity + 1).fill(0));
  things.forEach(({ weight, value }, at) => {
    for (let room = 0; room <= capacity; room++) {
      const without = best[at][room];
      best[at + 1][room] = weight <= room ? Math.max(without, best[at][room - weight] + value) : without;
    }
  });
  const packed = [];
  for (let at = things.length, room = capacity; at > 0; at--) {
    if (best[at][room] !== best[at - 1][room]) {
      packed.unshift(things[at - 1].name);
      room -= things[at - 1].weight;
    }
  }
  return { value: best[things.length][capacity], packed };
}

console.log(pack(250));
