//! What Python asks of the system: processes, threads, shared memory, sockets, terminals.

use super::interpreters::prints;

#[tokio::test]
async fn subprocesses_work() {
    let code = "
import os, subprocess, sys
print(subprocess.run(['echo', 'a  b'], capture_output=True, text=True, check=True).stdout, end='')
one = subprocess.Popen(['printf', 'b\\\\na\\\\n'], stdout=subprocess.PIPE)
two = subprocess.run(['sort'], stdin=one.stdout, capture_output=True)
print(two.stdout, one.wait())
print(subprocess.run('exit 3', shell=True).returncode, subprocess.run(['sh', '-c', 'kill -9 $$']).returncode)
data = os.urandom(3000000)
print(subprocess.run(['cat'], input=data, capture_output=True).stdout == data)
try: subprocess.run(['sleep', '60'], timeout=0.1)
except subprocess.TimeoutExpired: print('late')
try: subprocess.run(['no-such-program'])
except FileNotFoundError: print('absent')
print(os.system('true'), os.popen('echo piped').read(), end='')
sys.stdout.flush()
subprocess.run(['echo', 'inherited'])";
    prints(code, "a  b\nb'a\\nb\\n' 0\n3 -9\nTrue\nlate\nabsent\n0 piped\ninherited\n").await;
}

#[tokio::test]
async fn threads_work() {
    let code = "
import queue, threading, time
from concurrent.futures import ThreadPoolExecutor
lock, total, local = threading.Lock(), 0, threading.local()
def add():
    global total
    for _ in range(10000):
        with lock: total += 1
threads = [threading.Thread(target=add) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(total)
with ThreadPoolExecutor(16) as pool: print(sum(pool.map(lambda x: x * x, range(100))))
barrier, results = threading.Barrier(4), queue.Queue()
def meet(n):
    barrier.wait(10)
    results.put(n)
threads = [threading.Thread(target=meet, args=(n,)) for n in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(sorted(results.queue))";
    prints(code, "80000\n328350\n[0, 1, 2, 3]\n").await;
}

#[tokio::test]
async fn multiprocessing_works_in_every_way() {
    let code = "
import multiprocessing as mp, os
from multiprocessing import shared_memory
def work(queue, name, start, parent):
    memory = shared_memory.SharedMemory(name=name)
    memory.buf[start:start + 10] = bytes(range(start, start + 10))
    memory.close()
    queue.put((start, os.getpid() != parent))
if __name__ == '__main__':
    for method in ('fork', 'spawn', 'forkserver'):
        context = mp.get_context(method)
        queue, memory = context.Queue(), shared_memory.SharedMemory(create=True, size=4096)
        processes = [context.Process(target=work, args=(queue, memory.name, start, os.getpid())) for start in (0, 10, 20)]
        for process in processes: process.start()
        print(method, sorted(queue.get(timeout=30) for _ in processes))
        for process in processes: process.join()
        print([process.exitcode for process in processes], bytes(memory.buf[:30]) == bytes(range(30)))
        memory.close()
        memory.unlink()";
    let each = "[(0, True), (10, True), (20, True)]\n[0, 0, 0] True\n";
    prints(code, &["fork", "spawn", "forkserver"].map(|method| format!("{method} {each}")).concat()).await;
}

#[tokio::test]
async fn pools_and_their_objects_work() {
    let code = "
import multiprocessing as mp, os
from concurrent.futures import ProcessPoolExecutor
def square(x): return x * x
def fail(x): raise ValueError(x)
def count(value, lock):
    for _ in range(1000):
        with lock: value.value += 1
if __name__ == '__main__':
    with mp.Pool(3) as pool:
        print(pool.map(square, range(10)))
        try: pool.apply(fail, (7,))
        except ValueError as error: print('failed', error)
    with ProcessPoolExecutor(2) as pool: print(list(pool.map(square, range(5))))
    value, lock = mp.Value('i', 0, lock=False), mp.Lock()
    processes = [mp.Process(target=count, args=(value, lock)) for _ in range(3)]
    for process in processes: process.start()
    for process in processes: process.join()
    one, other = mp.Pipe()
    one.send({'a': [1, 2]})
    print(value.value, other.recv())
    with mp.Manager() as manager:
        shared = manager.dict()
        process = mp.Process(target=shared.update, args=({'x': 1},))
        process.start()
        process.join()
        print(dict(shared))";
    let expected = "[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]\nfailed 7\n[0, 1, 4, 9, 16]\n3000 {'a': [1, 2]}\n{'x': 1}\n";
    prints(code, expected).await;
}

#[tokio::test]
async fn servers_and_clients_meet_on_loopback() {
    let code = "
import http.server, os, socket, socketserver, threading, urllib.request, xmlrpc.client
class Page(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body[::-1])
    def log_message(self, *words): pass
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Page)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f'http://localhost:{server.server_port}/'
print(urllib.request.urlopen(url, data=b'abc').read(), len(urllib.request.urlopen(url, data=b'x' * 1000000).read()))
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(('127.0.0.1', 0))
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'packet', udp.getsockname())
print(udp.recv(100))
local = socket.socket(socket.AF_UNIX)
local.bind('/tmp/local')
local.listen()
client = socket.socket(socket.AF_UNIX)
client.connect('/tmp/local')
peer = local.accept()[0]
read, write = os.pipe()
socket.send_fds(client, [b'fd'], [read])
received = socket.recv_fds(peer, 10, 1)[1][0]
os.write(write, b'through')
print(os.read(received, 100), socket.gethostbyname('localhost'))";
    prints(code, "b'cba' 1000000\nb'packet'\nb'through' 127.0.0.1\n").await;
}

#[tokio::test]
async fn programs_make_terminals_of_their_own() {
    let code = "
import os, pty
master, slave = os.openpty()
print(os.ttyname(slave).startswith('/dev/pts/'), os.isatty(slave))
os.write(master, b'line\\n')
print(os.read(slave, 100))
pid, terminal = pty.fork()
if pid == 0: os.execvp('sh', ['sh', '-c', 'test -t 0 && echo terminal; read x; echo got $x; exit 3'])
os.write(terminal, b'word\\n')
seen = b''
while True:
    try: piece = os.read(terminal, 1000)
    except OSError: break
    if not piece: break
    seen += piece
print(b'terminal' in seen, b'got word' in seen, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))";
    prints(code, "True True\nb'line\\n'\nTrue True 3\n").await;
}

#[tokio::test]
async fn signals_timers_and_limits_work() {
    let code = "
import os, resource, select, signal, time
seen = []
signal.signal(signal.SIGALRM, lambda number, frame: seen.append(number))
signal.setitimer(signal.ITIMER_REAL, 0.05)
signal.pause()
print(seen == [signal.SIGALRM])
read, write = os.pipe()
signal.set_wakeup_fd(write, warn_on_full_buffer=False) if os.set_blocking(write, False) is None else None
os.kill(os.getpid(), signal.SIGALRM)
print(select.select([read], [], [], 5)[0] == [read])
resource.setrlimit(resource.RLIMIT_CPU, (1, 2))
print(resource.getrlimit(resource.RLIMIT_CPU))
poller = select.epoll()
poller.register(read, select.EPOLLIN)
print(len(poller.poll(1)))
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
os.kill(os.getpid(), signal.SIGUSR1)
print(signal.sigwait([signal.SIGUSR1]) == signal.SIGUSR1, os.nice(5) - os.nice(0) == 0)
pid = os.posix_spawn('/bin/sh', ['sh', '-c', 'exit 9'], os.environ)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))";
    prints(code, "True\nTrue\n(1, 2)\n1\nTrue True\n9\n").await;
}
