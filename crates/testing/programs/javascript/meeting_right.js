// Says who it is, waits until the other one is there, too.
const fs = require('fs');

const [name, other] = ['right', 'left'];
fs.writeFileSync(name, '');
const waiting = setInterval(() => {
  if (!fs.existsSync(other)) return;
  clearInterval(waiting);
  console.log(name, 'met', other);
}, 10);
