/** Write the lines that the pages copy as JSON, for a test that executes them: `{origin, calls: [[page, ...arguments]]}` comes on standard input. */
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const source = fileURLToPath(new URL('../src', import.meta.url));
const load = async (path) => (await runnerImport(`${source}/${path}`, { configFile: false, logLevel: 'error', resolve: { alias: { '@': source } } })).module;
const { origin, calls } = JSON.parse(await text(process.stdin));
globalThis.location = { origin, href: `${origin}/` };
const pages = { ...(await load('components/copies.ts')).copies, run: (await load('app/routes/submit/copyAs.ts')).formsOf };
process.stdout.write(JSON.stringify({ pages: Object.keys(pages), lines: calls.map(([page, ...given]) => pages[page](...given)) }));
