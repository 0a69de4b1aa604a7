import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IS_WHOLE_PROOF } from '../lane.js';
import type { Found } from './planted-copy.js';

const FILE = join(import.meta.dirname, 'pinned-seeds.json');

/**
 * The seed that finds each planted bug, where it was found last: played first, and in a whole proof not at all. A seed finds
 * something else as soon as the program does something at another moment; then all seeds are played as if none were pinned,
 * and what was said names the command that pins them again.
 */
export class PinnedSeeds {
  readonly #pinned: Readonly<Record<string, number>>;
  readonly #found: Record<string, number> = {};

  constructor() {
    this.#pinned = IS_WHOLE_PROOF ? {} : (JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, number>);
  }

  of(name: string): number | undefined {
    return this.#pinned[name];
  }

  note(name: string, found: Found | null): void {
    if (found !== null) this.#found[name] = found.seed;
  }

  /** Writes what was found, when asked to; says what is no longer found where it is pinned. */
  close(): void {
    const moved = Object.entries(this.#found).filter(([name, seed]) => this.#pinned[name] !== seed);
    if (process.env['COPYCAT_PIN_SEEDS'] === 'true') {
      const sorted = Object.fromEntries(Object.entries(this.#found).sort(([one], [other]) => (one < other ? -1 : 1)));
      writeFileSync(FILE, `${JSON.stringify(sorted, null, 2)}\n`);
    } else if (!IS_WHOLE_PROOF && moved.length > 0) {
      console.log(
        `found by other seeds than those pinned, which takes longer: ${moved.map(([name]) => name).join(', ')}; to pin these: ` +
          'COPYCAT_PIN_SEEDS=true npx vitest run --project sim test/sim/planted.test.ts',
      );
    }
  }
}
