import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FRAMINGS } from '../../src/config/config.js';
import { PROFILE_DIALECTS } from '../../src/config/protocol-config.js';

const ROOT = join(import.meta.dirname, '../..');
const GLOSSARY = 'docs/glossary.md';

function textsIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => /\.(ts|md)$/.test(path) && path !== GLOSSARY)
    .map((path) => readFileSync(join(ROOT, path), 'utf8'));
}

/** Whole words, those within names too: `isThirdCopy` has `third copy`, and `kept-out` has `kept out`. */
function wordsOf(text: string): string {
  const apart = text.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return ` ${apart.replace(/[^a-z]+/g, ' ').trim()} `;
}

const rows = readFileSync(join(ROOT, GLOSSARY), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| **'));

it('every word of the glossary is one of the code or of a page', () => {
  const everything = [...textsIn('src'), ...textsIn('docs')].map(wordsOf).join('');
  const words = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/\*\*([^*]+)\*\*/g)].map(([, word]) => word),
  );
  expect(words.length).toBeGreaterThan(50);
  expect(words.filter((word) => !everything.includes(wordsOf(word ?? '')))).toEqual([]);
});

it('no word stands there twice, and each has its meaning', () => {
  const words = rows.map((row) => row.split('|')[1]?.trim());
  expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
  expect(rows.filter((row) => (row.split('|')[2] ?? '').trim().length < 10)).toEqual([]);
});

it('names every dialect and every framing', () => {
  const rowOf = (word: string) => rows.find((row) => row.startsWith(`| **${word}** |`)) ?? '';
  expect(['harness', ...PROFILE_DIALECTS].filter((dialect) => !rowOf('dialect').includes(`\`${dialect}\``))).toEqual(
    [],
  );
  expect(FRAMINGS.filter((framing) => !rowOf('framing').includes(`\`${framing}\``))).toEqual([]);
});
