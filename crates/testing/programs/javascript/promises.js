// The order in which things that wait go on, and a server that is asked over loopback.
const http = require('http');

const order = [];
setTimeout(() => order.push('timeout'), 0);
Promise.resolve().then(() => order.push('microtask'));
process.nextTick(() => order.push('tick'));
order.push('now');

const server = http.createServer((request, response) => {
  let body = '';
  request.on('data', (piece) => { body += piece; });
  request.on('end', () => response.end(`${request.method} ${request.url} ${body}`));
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const request = http.request({ port, method: 'POST', path: '/tea?cups=2', agent: false }, async (answer) => {
    let body = '';
    for await (const piece of answer) body += piece;
    console.log(body);
    server.close();
    const settled = await Promise.allSettled([Promise.reject(new Error('no')), 1]);
    console.log(settled.map(({ status }) => status).join(' '), order.join(' '));
  });
  request.end('hot');
});
