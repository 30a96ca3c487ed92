//! What Node asks of the system: threads, processes, sockets.

use llm_sandbox_core::{Guarantee, Outcome, Run};

use crate::support::{javascript, open, printed};

async fn prints(program: impl Into<Run>, expected: &str) {
    assert_eq!(printed(&open(javascript()).await, program).await, expected);
}

#[tokio::test]
async fn worker_threads_share_memory() {
    let code = "
const { Worker, isMainThread, workerData, parentPort } = require('worker_threads')
if (isMainThread) {
    const shared = new Int32Array(new SharedArrayBuffer(8))
    const done = [1, 2, 3, 4].map(n => new Promise((resolve, reject) => {
        const worker = new Worker(__filename, { workerData: { shared, n } })
        worker.on('message', resolve)
        worker.on('error', reject)
    }))
    Promise.all(done).then(words => console.log(words.join(), shared[0]))
} else {
    for (let i = 0; i < 1000; i++) Atomics.add(workerData.shared, 0, workerData.n)
    parentPort.postMessage('worker ' + workerData.n)
}";
    prints(code, "worker 1,worker 2,worker 3,worker 4 10000\n").await;
}

#[tokio::test]
async fn child_processes_work() {
    let code = "
const { spawn, execSync, execFileSync, fork, spawnSync } = require('child_process')
if (process.argv[2] === 'child') {
    process.on('message', m => { process.send({ doubled: m * 2 }); process.disconnect() })
} else {
    console.log(execSync('echo shell | tr a-z A-Z').toString().trim())
    console.log(execFileSync('cat', { input: 'i'.repeat(1e6), maxBuffer: 1e7 }).length)
    console.log(spawnSync('sh', ['-c', 'exit 3']).status, spawnSync('sh', ['-c', 'kill -9 $$']).signal)
    const child = fork(__filename, ['child'])
    child.on('message', m => console.log(m.doubled))
    child.on('exit', code => {
        console.log('left', code)
        const cat = spawn('cat')
        cat.stdout.on('data', data => { console.log(String(data)); cat.kill() })
        cat.on('exit', (code, signal) => console.log(code, signal))
        cat.stdin.write('echoed')
    })
    child.send(21)
}";
    prints(code, "SHELL\n1000000\n3 SIGKILL\n42\nleft 0\nechoed\nnull SIGTERM\n").await;
}

#[tokio::test]
async fn servers_and_clients_meet_on_loopback() {
    let code = "
const http = require('http'), net = require('net'), dgram = require('dgram')
const server = http.createServer((request, response) => {
    let body = ''
    request.on('data', piece => body += piece)
    request.on('end', () => response.end(request.method + body.length))
})
server.listen(0, '127.0.0.1', async () => {
    const url = `http://localhost:${server.address().port}/`
    console.log(await (await fetch(url)).text())
    console.log(await (await fetch(url, { method: 'POST', body: 'x'.repeat(1e6) })).text())
    server.closeAllConnections()
    server.close()
    const local = net.createServer(socket => socket.end('local')).listen('/tmp/socket', () => {
        net.connect('/tmp/socket').on('data', data => { console.log(String(data)); local.close(packets) })
    })
})
function packets() {
    const one = dgram.createSocket('udp4')
    one.on('message', message => { console.log(String(message)); one.close() })
    one.bind(0, '127.0.0.1', () => one.send('packet', one.address().port, '127.0.0.1'))
}";
    prints(code, "GET0\nPOST1000000\nlocal\npacket\n").await;
}

#[tokio::test]
async fn there_is_no_way_out_of_fetch() {
    let code = "
fetch('http://192.0.2.1/').catch(error => console.log(error.cause.code))
require('dns').lookup('example.com', error => console.log(error.syscall))
require('net').connect(80, '169.254.169.254').on('error', error => console.log(error.code))";
    let shown = printed(&open(javascript()).await, code).await;
    let mut words: Vec<&str> = shown.lines().collect();
    words.sort_unstable();
    assert_eq!(words, ["ENETUNREACH", "ENETUNREACH", "getaddrinfo"]);
}

#[tokio::test]
async fn a_heap_that_grows_is_bounded() {
    let session = open(javascript().memory_mib(256).accept_weaker([Guarantee::MemoryLimit])).await;
    let code = "const all = []\nwhile (true) all.push(Buffer.alloc(1 << 20, 1))";
    let result = session.run(code).await.expect("the sandbox lives");
    assert_eq!(result.outcome, Outcome::OutOfMemory, "{}", result.stderr_text());
    assert_eq!(printed(&session, "console.log(1)").await, "1\n");
}
