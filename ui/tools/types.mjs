// Make the client's types from the platform's OpenAPI document on standard input: `make ui-types`.
// With --check nothing is written, and a difference is an error.
import { readFileSync, writeFileSync } from 'node:fs';
import { text as read } from 'node:stream/consumers';
import openapiTS, { astToString } from 'openapi-typescript';

const target = new URL('../src/api/schema.gen.ts', import.meta.url);
const head = '// Made from the OpenAPI document by `make ui-types`; not written by hand.\n';
const text = head + astToString(await openapiTS(JSON.parse(await read(process.stdin))));

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error("The web client's types differ from the API: run `make ui-types` and commit ui/src/api/schema.gen.ts.");
    process.exit(1);
  }
} else writeFileSync(target, text);
