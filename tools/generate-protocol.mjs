// Makes the TypeScript and the C side of the wire from src/protocol/messages.json.
// `node tools/generate-protocol.mjs` writes them, `--check` only compares and exits 1 when one is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cHeader } from './protocol-c-header.mjs';
import { cText } from './protocol-c-text.mjs';
import { withMessages } from './protocol-markdown.mjs';
import { typeScript } from './protocol-typescript.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The generated files: path from the root of the repository, and the text it must have. */
export function generatedFiles() {
  const table = JSON.parse(readFileSync(join(root, 'src/protocol/messages.json'), 'utf8'));
  const manual = readFileSync(join(root, 'docs/protocol.md'), 'utf8');
  return [
    { path: 'src/protocol/messages.generated.ts', text: typeScript(table) },
    { path: 'firmware-harness/include/copycat/messages.generated.h', text: cHeader(table) },
    { path: 'firmware-harness/test/messages-text.generated.h', text: cText(table) },
    { path: 'docs/protocol.md', text: withMessages(manual, table) },
  ];
}

/** Paths of the generated files that are missing or differ from the table. */
export function staleFiles() {
  return generatedFiles()
    .filter(({ path, text }) => {
      try {
        return readFileSync(join(root, path), 'utf8') !== text;
      } catch (error) {
        if (error.code === 'ENOENT') return true;
        throw error;
      }
    })
    .map(({ path }) => path);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv.includes('--check')) {
    const stale = staleFiles();
    for (const path of stale) console.error(`${path} is stale: run node tools/generate-protocol.mjs`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    for (const { path, text } of generatedFiles()) writeFileSync(join(root, path), text);
  }
}
