import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeededRandom } from '../../../src/random/seeded-random.js';

/** What was done to the files of a ledger that nobody has open. */
export interface Damage {
  readonly what: string;
  /** Pages of a database were changed: SQLite has no checksums there, and what it cannot see nobody can. */
  readonly isInPages: boolean;
}

type Doing = (machine: Files, random: SeededRandom) => Damage | null;

interface Files {
  readonly ledger: string;
  readonly journalFolder: string;
}

const DAMAGES: readonly Doing[] = [
  (files, random) => flip(journalOf(files), '-wal', random),
  (files, random) => cut(journalOf(files), '-wal', random),
  (files) => remove(journalOf(files), ['', '-wal', '-shm']),
  (files) => remove(journalOf(files), ['-wal', '-shm']),
  (files, random) => flip(journalOf(files), '', random),
  ({ ledger }, random) => flip(ledger, '-wal', random),
  ({ ledger }, random) => cut(ledger, '-wal', random),
  ({ ledger }, random) => flip(ledger, '', random),
];

/** One of them, whichever comes and finds its file. */
export function damage(files: Files, random: SeededRandom): Damage {
  for (;;) {
    const done = DAMAGES[random.nextBelow(DAMAGES.length)]?.(files, random);
    if (done != null) return done;
  }
}

function journalOf({ journalFolder }: Files): string | null {
  // With `power` there is none.
  if (!existsSync(journalFolder)) return null;
  const name = readdirSync(journalFolder).find((entry) => entry.endsWith('.journal'));
  return name === undefined ? null : join(journalFolder, name);
}

function flip(path: string | null, suffix: '' | '-wal', random: SeededRandom): Damage | null {
  const file = `${path}${suffix}`;
  if (path === null || !existsSync(file)) return null;
  const bytes = readFileSync(file);
  if (bytes.length === 0) return null;
  const at = random.nextBelow(bytes.length);
  const bit = random.nextBelow(8);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  writeFileSync(file, bytes);
  return { what: `bit ${bit} of byte ${at} of ${file} flipped`, isInPages: suffix === '' };
}

function cut(path: string | null, suffix: '-wal', random: SeededRandom): Damage | null {
  const file = `${path}${suffix}`;
  if (path === null || !existsSync(file)) return null;
  const { length } = readFileSync(file);
  if (length === 0) return null;
  const to = random.nextBelow(length);
  truncateSync(file, to);
  return { what: `${file} cut from ${length} to ${to} bytes`, isInPages: false };
}

function remove(path: string | null, suffixes: readonly string[]): Damage | null {
  const there = suffixes.filter((suffix) => existsSync(`${path}${suffix}`));
  if (path === null || !there.includes(suffixes[0] ?? '')) return null;
  for (const suffix of there) rmSync(`${path}${suffix}`);
  return { what: `${path} removed (${there.map((suffix) => suffix || 'file').join(', ')})`, isInPages: false };
}
