// Threads of Node's: each sums a part, all count in one shared number.
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');

if (isMainThread) {
  const shared = new SharedArrayBuffer(4);
  const parts = [0, 1, 2].map((part) => new Promise((resolve, reject) => {
    const worker = new Worker(__filename, { workerData: { part, shared } });
    worker.on('message', resolve);
    worker.on('error', reject);
  }));
  Promise.all(parts).then((sums) => console.log(sums, sums.reduce((a, b) => a + b), new Int32Array(shared)[0]));
} else {
  const counter = new Int32Array(workerData.shared);
  let sum = 0;
  for (let number = workerData.part; number < 3000; number += 3) {
    sum += number;
    Atomics.add(counter, 0, 1);
  }
  parentPort.postMessage(sum);
}
