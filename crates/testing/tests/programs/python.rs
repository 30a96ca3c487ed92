//! Python's standard library.

use super::interpreters::{everywhere, prints};
use crate::support::printed;

#[tokio::test]
async fn asyncio_works() {
    let code = "
import asyncio, sys
async def work(n):
    await asyncio.sleep(0.01 * (3 - n))
    return n * n
async def main():
    print(await asyncio.gather(*(work(n) for n in range(4))))
    process = await asyncio.create_subprocess_exec(sys.executable, '-c', 'print(input()[::-1])',
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    print(await process.communicate(b'abc\\n'))
    async def serve(reader, writer):
        writer.write((await reader.readline()).upper())
        await writer.drain()
        writer.close()
    server = await asyncio.start_server(serve, '127.0.0.1', 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b'hello\\n')
        print(await reader.read())
        writer.close()
    print(await asyncio.get_running_loop().run_in_executor(None, sum, [1, 2, 3]))
    try: await asyncio.wait_for(asyncio.sleep(10), 0.01)
    except asyncio.TimeoutError: print('late')
asyncio.run(main())";
    prints(code, "[0, 1, 4, 9]\n(b'cba\\n', None)\nb'HELLO\\n'\n6\nlate\n").await;
}

#[tokio::test]
async fn databases_work_in_memory_and_in_files() {
    let code = "
import sqlite3
for place in (':memory:', 'data.db', '/tmp/data.db'):
    with sqlite3.connect(place) as db:
        db.execute('PRAGMA journal_mode=WAL')
        db.execute('CREATE TABLE t (n INTEGER, word TEXT)')
        db.executemany('INSERT INTO t VALUES (?, ?)', [(n, str(n) * n) for n in range(1000)])
        print(db.execute('SELECT count(*), max(length(word)) FROM t').fetchone())
    db.close()";
    prints(code, &"(1000, 2997)\n".repeat(3)).await;
}

#[tokio::test]
async fn files_of_all_kinds_work() {
    let code = "
import fcntl, mmap, os, pathlib, shutil, socket, stat, tempfile
with tempfile.TemporaryDirectory() as directory:
    path = pathlib.Path(directory, 'a', 'b')
    path.mkdir(parents=True)
    (path / 'file').write_text('text')
    (path / 'link').symlink_to('file')
    os.link(path / 'file', path / 'hard')
    os.mkfifo(path / 'fifo')
    socket.socket(socket.AF_UNIX).bind(str(path / 'socket'))
    os.rename(path / 'hard', path / 'moved')
    print(sorted(os.listdir(path)), (path / 'link').read_text(), os.stat(path / 'file').st_nlink)
    (path / 'file').chmod(0o640)
    print(stat.filemode((path / 'moved').stat().st_mode))
    shutil.copytree(path.parent, pathlib.Path(directory, 'copy'), ignore=shutil.ignore_patterns('fifo', 'socket'))
    print(len(list(pathlib.Path(directory, 'copy').rglob('*'))))
with tempfile.NamedTemporaryFile() as file, tempfile.TemporaryFile() as other:
    file.write(b'x' * 10000)
    file.flush()
    other.write(b'y')
    with mmap.mmap(file.fileno(), 0) as shown:
        shown[5000] = 89
        print(shown.find(b'Y'))
    fcntl.flock(file, fcntl.LOCK_EX)
    os.posix_fallocate(file.fileno(), 0, 100000)
    print(os.stat(file.name).st_size, os.path.dirname(file.name))
print(os.access('/sandbox', os.W_OK), os.path.expanduser('~'), os.access(os.path.expanduser('~'), os.W_OK))";
    prints(
        code,
        "['fifo', 'file', 'link', 'moved', 'socket'] text 2\n-rw-r-----\n4\n5000\n100000 /tmp\nTrue /home/sandbox True\n",
    )
    .await;
}

#[tokio::test]
async fn times_and_languages_are_what_programs_expect() {
    let code = "
import datetime, locale, os, sys, time
print(locale.setlocale(locale.LC_ALL, ''), sys.getfilesystemencoding(), sys.stdout.encoding)
print(datetime.datetime.fromtimestamp(0).isoformat(), time.tzname[0], abs(time.time() - datetime.datetime.now().timestamp()) < 1)
import zoneinfo
try: print(datetime.datetime(2024, 7, 1, 12, tzinfo=zoneinfo.ZoneInfo('Europe/Berlin')).utcoffset())
except zoneinfo.ZoneInfoNotFoundError: print('2:00:00')
open('é', 'w').close()
print(os.listdir('.')[0] in ('é', 'main.py'))";
    for session in everywhere().await {
        let shown = printed(&session, code).await;
        assert!(
            shown.to_lowercase().starts_with("c.utf-8 utf-8 utf-8\n1970-01-01t00:00:00 utc true\n2:00:00\ntrue"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn the_rest_of_the_library_works() {
    let code = "
import base64, bz2, collections, csv, ctypes, dataclasses, decimal, difflib, email, fractions, getpass, gzip, hashlib
import heapq, html, http, io, ipaddress, itertools, json, logging, lzma, math, multiprocessing, operator, os, pickle
import platform, pwd, random, re, secrets, select, shlex, signal, socket, ssl, statistics, string, struct, subprocess
import tarfile, textwrap, threading, timeit, traceback, types, typing, unicodedata, unittest, urllib.request, uuid
import xml.etree.ElementTree, zipfile, zlib
print(hashlib.sha256(b'x').hexdigest()[:8], len(secrets.token_bytes(16)), uuid.uuid4().version)
print(getpass.getuser(), pwd.getpwuid(os.getuid()).pw_dir, platform.system())
with zipfile.ZipFile('a.zip', 'w') as archive: archive.writestr('x', 'y' * 1000)
with tarfile.open('a.tar.xz', 'w:xz') as archive: archive.add('a.zip')
print(zipfile.ZipFile('a.zip').read('x')[:3], tarfile.open('a.tar.xz').getnames())
print(decimal.Decimal('0.1') + decimal.Decimal('0.2'), fractions.Fraction(1, 3), math.comb(50, 25))
print(xml.etree.ElementTree.fromstring('<a><b/></a>')[0].tag, bool(os.cpu_count()))
class Case(unittest.TestCase):
    def test(self): self.assertTrue(True)
print(unittest.main(exit=False, argv=['x'], verbosity=0).result.wasSuccessful())";
    let expected =
        "2d711642 16 4\nsandbox /home/sandbox Linux\nb'yyy' ['a.zip']\n0.3 1/3 126410606437752\nb True\nTrue\n";
    prints(code, expected).await;
}

#[tokio::test]
async fn modules_written_before_are_imported() {
    for session in everywhere().await {
        session.write("helper.py", "def double(x):\n    return x * 2\n").await.expect("it is written");
        session.write("package/__init__.py", "from .inner import word\n").await.expect("it is written");
        session.write("package/inner.py", "word = 'inner'\n").await.expect("it is written");
        let code = "import helper, package; print(helper.double(21), package.word)";
        assert_eq!(printed(&session, code).await, "42 inner\n");
        session.write("helper.py", "def double(x):\n    raise KeyError(x)\n").await.expect("it is written");
        let words = crate::support::run(&session, "import helper\nhelper.double(1)").await.stderr_text().into_owned();
        assert!(words.contains("main.py\", line 2") && words.contains("helper.py\", line 2"), "{words}");
        let listed = session.list(".").await.expect("it is there");
        assert!(listed.iter().all(|file| !file.path.ends_with("__pycache__")), "{listed:?}");
    }
}

#[tokio::test]
async fn a_library_beside_the_program_is_as_good_as_installed() {
    for session in everywhere().await {
        session.write("libs/extra.py", "answer = 42").await.expect("it is written");
        let run = llm_sandbox_core::Run::code("import extra; print(extra.answer)").env("PYTHONPATH", "/sandbox/libs");
        assert_eq!(printed(&session, run).await, "42\n");
    }
}
