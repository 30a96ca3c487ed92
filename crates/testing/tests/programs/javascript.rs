//! Node's own library.

use llm_sandbox_core::Run;

use crate::support::{javascript, open, printed, run};

async fn prints(program: impl Into<Run>, expected: &str) {
    assert_eq!(printed(&open(javascript()).await, program).await, expected);
}

#[tokio::test]
async fn files_work() {
    let code = "
const fs = require('fs'), os = require('os'), path = require('path')
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'x-'))
fs.writeFileSync(path.join(directory, 'a'), 'text')
fs.symlinkSync('a', path.join(directory, 'link'))
fs.mkdirSync(path.join(directory, 'b/c'), { recursive: true })
console.log(fs.readdirSync(directory).join(), fs.readFileSync(path.join(directory, 'link'), 'utf8'), os.tmpdir())
const watcher = fs.watch(directory, (event, name) => { console.log(event, name); watcher.close() })
fs.promises.writeFile(path.join(directory, 'new'), 'x'.repeat(1e6))
    .then(() => fs.promises.stat(path.join(directory, 'new')))
    .then(stat => { if (stat.size !== 1e6) throw stat })";
    prints(code, "a,b,link text /tmp\nrename new\n").await;
}

#[tokio::test]
async fn cryptography_and_compression_work() {
    let code = "
const crypto = require('crypto'), zlib = require('zlib')
console.log(crypto.createHash('sha256').update('x').digest('hex').slice(0, 8), crypto.randomBytes(16).length)
console.log(crypto.pbkdf2Sync('a', 'b', 1000, 8, 'sha1').length, crypto.randomUUID().length)
const { publicKey, privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
console.log(crypto.verify('sha256', Buffer.from('m'), publicKey, crypto.sign('sha256', Buffer.from('m'), privateKey)))
console.log(zlib.gunzipSync(zlib.gzipSync('z'.repeat(100000))).length)
crypto.subtle.digest('SHA-1', Buffer.from('x')).then(digest => console.log(digest.byteLength))";
    prints(code, "2d711642 16\n8 36\ntrue\n100000\n20\n").await;
}

#[tokio::test]
async fn the_language_is_all_there() {
    let code = "
const wasm = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2,
    1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11]))
console.log(new WebAssembly.Instance(wasm).exports.add(40, 2), 2n ** 64n)
console.log(new Intl.NumberFormat('de-DE').format(1234.5), new Date(0).toISOString(), new Date(0).getTimezoneOffset())
console.log([..'ok'].length, structuredClone(new Map([[1, { a: [2] }]])).get(1).a[0])
let x = 0
for (let i = 0; i < 1e7; i++) x = (x + i) | 0
console.log(x, require('os').hostname(), require('os').cpus().length > 0, require('os').totalmem() > 0)
setTimeout(() => console.log('later'), 20)
Promise.resolve().then(() => console.log('micro'))
process.nextTick(() => console.log('tick'))";
    let code = code.replace("[..'ok']", "[...'ok']");
    let expected = "42 18446744073709551616n\n1.234,5 1970-01-01T00:00:00.000Z 0\n2 2\n-2014260032 sandbox true true\ntick\nmicro\nlater\n";
    prints(code, expected).await;
}

#[tokio::test]
async fn modules_written_before_are_loaded() {
    let session = open(javascript()).await;
    session.write("helper.js", "exports.double = x => x * 2").await.expect("it is written");
    session.write("modern.mjs", "export const word = 'modern'; export default 1").await.expect("it is written");
    session.write("node_modules/library/index.js", "module.exports = 'library'").await.expect("it is written");
    session.write("data.json", "{\"n\": 3}").await.expect("it is written");
    let code = "
console.log(require('./helper').double(21), require('library'), require('./data.json').n)
import('./modern.mjs').then(m => console.log(m.word, m.default))";
    assert_eq!(printed(&session, code).await, "42 library 3\nmodern 1\n");
    session.write("helper.js", "\nexports.double = x => null.x").await.expect("it is written");
    let words = run(&session, "const h = require('./helper')\n\nh.double()").await.stderr_text().into_owned();
    assert!(words.contains("helper.js:2") && words.contains("main.js:3"), "{words}");
}

#[tokio::test]
async fn other_files_of_the_session_are_run() {
    let session = open(javascript()).await;
    session
        .write("app/server.mjs", "import os from 'node:os'\nconsole.log(os.EOL.length, process.argv[2])")
        .await
        .expect("ok");
    let run = Run::command("node").args(["app/server.mjs", "argument"]);
    assert_eq!(printed(&session, run).await, "1 argument\n");
    let run = Run::command("node").args(["--input-type=module", "-"]).stdin("console.log(await Promise.resolve(7))");
    assert_eq!(printed(&session, run).await, "7\n");
}
