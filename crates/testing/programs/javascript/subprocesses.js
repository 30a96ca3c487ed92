// Another interpreter, a program of the system's, and one that fails.
const { execFileSync, spawn, spawnSync } = require('child_process');

console.log(execFileSync(process.execPath, ['-p', '6 * 7'], { encoding: 'utf8' }).trim());
console.log(execFileSync('sort', ['-r'], { input: 'b\na\nc\n', encoding: 'utf8' }).trim().split('\n'));
console.log(spawnSync(process.execPath, ['-e', 'process.exit(3)']).status);
const child = spawn('cat', { stdio: ['pipe', 'inherit', 'inherit'] });
child.on('close', (code) => console.log('cat left with', code));
child.stdin.end('through a pipe\n');
