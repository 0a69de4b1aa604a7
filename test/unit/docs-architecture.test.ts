import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** Rows of the first table: the folders of src that one tells of, and all that it names. */
const rows = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8')
  .split('\n# The core\n')[0]
  ?.split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => ({ folders: namesIn(line.split('|')[1] ?? ''), names: namesIn(line) }));

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

function foldersOf(path: string): readonly string[] {
  return readdirSync(join(ROOT, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

describe('docs/architecture.md', () => {
  it('has a row for each folder of src, and no other', () => {
    const told = rows?.flatMap(({ folders }) => folders) ?? [];
    expect([...told].sort()).toEqual([...foldersOf('src')].sort());
  });

  it.each(['link', 'protocol', 'upstream', 'config'])('names each room of %s', (folder) => {
    const row = rows?.find(({ folders }) => folders.includes(folder));
    expect(foldersOf(`src/${folder}`).filter((room) => !row?.names.includes(room))).toEqual([]);
  });
});
