import { readFile } from 'node:fs/promises';

const text = await readFile(new URL(import.meta.url), 'utf8');
console.log(text.includes('top-level'), typeof require);
