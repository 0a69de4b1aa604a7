// Makes the TypeScript and the C side of the wire from src/protocol/messages.json.
// `node tools/generate-protocol.mjs` writes them, `--check` only compares and exits 1 when one is stale.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeOrCheck } from './generated-files.mjs';
import { cHeader } from './protocol-c-header.mjs';
import { cText } from './protocol-c-text.mjs';
import { withMessages } from './protocol-markdown.mjs';
import { typeScript } from './protocol-typescript.mjs';
import { ROOT } from './run-program.mjs';

/** The generated files: by path from the root of the repository, the text it must have. */
export function generatedFiles() {
  const table = JSON.parse(readFileSync(join(ROOT, 'src/protocol/messages.json'), 'utf8'));
  const manual = readFileSync(join(ROOT, 'docs/protocol.md'), 'utf8');
  return {
    'src/protocol/messages.generated.ts': typeScript(table),
    'firmware-harness/include/copycat/messages.generated.h': cHeader(table),
    'firmware-harness/test/messages-text.generated.h': cText(table),
    'docs/protocol.md': withMessages(manual, table),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeOrCheck(generatedFiles(), 'node tools/generate-protocol.mjs');
}
