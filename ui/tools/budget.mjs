// After a build: the gzip size of what each page loads, and an error where it is more than its budget.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const out = new URL('../../src/heroes/_ui/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', out), 'utf8'));
const KB = 1024;
const sizes = new Map();

function size(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(new URL(file, out)), { level: 9 }).length);
  return sizes.get(file);
}

/** All files that an entry of the manifest loads at once. */
function load(key, found = { js: new Set(), css: new Set() }) {
  const entry = manifest[key];
  if (!entry) throw new Error(`The build has no ${key}: name it anew in tools/budget.mjs.`);
  if (found.js.has(entry.file)) return found;
  found.js.add(entry.file);
  for (const file of entry.css ?? []) found.css.add(file);
  for (const inner of entry.imports ?? []) load(inner, found);
  return found;
}

function merged(keys) {
  const found = { js: new Set(), css: new Set() };
  for (const key of keys) load(key, found);
  return found;
}

const sum = (files, without = new Set()) => [...files].filter((file) => !without.has(file)).reduce((all, file) => all + size(file), 0) / KB;
const SHELL = ['index.html', 'src/app/start.tsx'];
const PAGES = Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry && /src\/(app\/routes|features)\/.*\.tsx$/.test(key));
const HOME = 'src/app/routes/Home.tsx';
const FORMS = 'src/app/routes/submit/Inputs.tsx';

const rows = [];
const check = (name, kb, most) => rows.push({ name, kb, most, over: kb > most });
const entrance = merged(['index.html', 'src/app/entrance.tsx']);
const home = merged([...SHELL, HOME]);
const shell = merged(SHELL);
check('sign-in', sum(entrance.js), 200);
check('home', sum(home.js), 250);
check('styles of home', sum(home.css), 20);
for (const key of PAGES) {
  if (key === HOME) continue;
  const page = merged([key]);
  check(key.replace(/^src\//, '+ '), sum(page.js, shell.js), key === FORMS ? 115 : 60);
}
for (const { name, kb, most, over } of rows) console.log(`${over ? 'OVER ' : '     '}${kb.toFixed(1).padStart(7)} KB of ${String(most).padStart(3)}  ${name}`);
if (rows.some((row) => row.over)) {
  console.error('A page loads more than its budget allows.');
  process.exit(1);
}
