import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { PlantedBug, PlantedEdit } from './planted-bugs.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PLAY_SEEDS = fileURLToPath(new URL('play-seeds.mjs', import.meta.url));
const INPUTS = 200;
const run = promisify(execFile);

export interface Found {
  readonly seed: number;
  readonly name: string;
  readonly text: string;
}

/** The compiled program in a folder of its own, to plant mistakes in: nothing of it is ever in the real one. */
export class PlantedCopy {
  readonly folder: string;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'copycat-planted-'));
    const isProgram = (path: string): boolean => !/\.(map|d\.ts)$/.test(path);
    cpSync(join(ROOT, 'build'), join(this.folder, 'build'), { recursive: true, filter: isProgram });
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }');
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /**
   * Plants the bug, plays seeds until one breaks a promise, and takes the bug out again. `firstTry` is played before all others.
   * @throws Error when the text to replace does not occur exactly once: the program has changed, and the table must too.
   */
  async find(
    { edits, from = 1, seeds, inputs }: Pick<PlantedBug, 'edits' | 'from' | 'seeds' | 'inputs'>,
    firstTry?: number,
  ): Promise<Found | null> {
    const originals = new Map<string, string>();
    try {
      for (const edit of edits) this.#plant(edit, originals);
      const found = firstTry === undefined ? null : await this.play(1, firstTry, inputs);
      return found ?? (await this.play(seeds, from, inputs));
    } finally {
      for (const [path, text] of originals) writeFileSync(path, text);
    }
  }

  /** Plants it until the copy is removed. */
  plant(edit: PlantedEdit): void {
    this.#plant(edit, new Map());
  }

  #plant({ file, find, replace }: PlantedEdit, originals: Map<string, string>): void {
    const path = join(this.folder, 'build', file);
    const text = readFileSync(path, 'utf8');
    const times = text.split(find).length - 1;
    if (times !== 1) throw new Error(`${file} has ${times} times: ${find}`);
    if (!originals.has(path)) originals.set(path, text);
    writeFileSync(
      path,
      text.replace(find, () => replace),
    );
  }

  /** Plays seeds with the copy as it is. */
  async play(seeds: number, from = 1, inputs = INPUTS): Promise<Found | null> {
    const range = [String(from), String(seeds)];
    const { stdout } = await run(process.execPath, [PLAY_SEEDS, this.folder, ...range, String(inputs)]);
    return JSON.parse(stdout) as Found | null;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
