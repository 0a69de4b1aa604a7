// npm run prove [-- --only PART[,PART]]: the whole proof, of which `npm test` is what a change can wait for (docs/testing.md).
// Hours. Ends with a table; the result is left in .copycat/proof, a file for each part, so that parts can be run on their own.
import { parseArgs } from 'node:util';
import { PARTS } from './proof/parts.mjs';
import { keepResult, proofTable } from './proof/results.mjs';
import { setUp } from './set-up.mjs';

const { values } = parseArgs({ options: { only: { type: 'string' }, list: { type: 'boolean', default: false } } });
const asked = values.only?.split(',') ?? PARTS.map(({ name }) => name);
const unknown = asked.filter((name) => !PARTS.some((part) => part.name === name));

if (values.list) {
  for (const { name, proves } of PARTS) console.log(`${name.padEnd(12)} ${proves}`);
} else if (unknown.length > 0) {
  console.error(`there is no part ${unknown.join(', ')}; there are ${PARTS.map(({ name }) => name).join(', ')}`);
  process.exitCode = 2;
} else if (await setUp()) {
  process.exitCode = (await prove()) ? 0 : 1;
} else {
  process.exitCode = 1;
}

async function prove() {
  const names = [];
  for (const { name, proves, run } of PARTS.filter((part) => asked.includes(part.name))) {
    console.log(`\n${name}: ${proves}`);
    const beganMs = performance.now();
    const { ok, told } = await run();
    keepResult({ name, ok, told, seconds: Math.round((performance.now() - beganMs) / 1000) });
    names.push(name);
  }
  const { lines, ok } = proofTable(names);
  console.log(`\n${lines.join('\n')}`);
  return ok;
}
