import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../src/random/seeded-random.js';
import { until } from '../until.js';
import { StormClient } from './storm/storm-client.js';
import { StormMachine } from './storm/storm-machine.js';

/** More than one reservation of seqs (1,024): so many are given out that no file knows of. */
const UNRECORDED = 1_400;

const machine = new StormMachine();
const small = join(machine.folder, 'small');
const filler = join(small, 'filler');

/** As much as there is room for; whatever the journal needs next, it does not get. */
function fillUp(): void {
  const file = openSync(filler, 'w');
  try {
    for (const bytes of [65_536, 4_096, 512, 1]) {
      try {
        for (;;) writeSync(file, Buffer.alloc(bytes));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}

describe('a gateway whose files are full, and which is killed', () => {
  afterAll(async () => {
    execFileSync('umount', ['-l', small]);
    await machine.dispose();
  });

  it('R1, R17, R27: numbers anew above all that its boards were given, blames nobody, and serves who waited at the door', async () => {
    mkdirSync(small);
    // Takes the right to mount, as the other tests of full disks do.
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'copycat-test', small]);
    await machine.setUp('process', 'small');
    const client = new StormClient('client', 8, true, new SeededRandom(3));
    client.connect(await machine.start(), 1);
    await until(() => client.answered >= 100);
    await until(async () => (await machine.status())?.protected === true);
    fillUp();
    await until(() => client.answered >= 100 + UNRECORDED);
    expect((await machine.status())?.ledger.recordedToDisk).toBe(false);
    await machine.kill();
    client.disconnect();
    rmSync(filler);
    const before = new Set([...client.sent].filter(([, { answers }]) => answers.length > 0).map(([id]) => id));
    // It asks the moment that the gateway listens: before any board has been heard.
    client.connect(await machine.start(), 2);
    await until(() => client.answered >= before.size + 200);
    client.finish();
    await until(() => client.open === 0);
    await until(async () => (await machine.status())?.protected === true);
    const faults = JSON.parse(await machine.run('faults', 'list', '--all', '--json')) as { readonly code: string }[];
    const blames = ['done-without-commit', 'unknown-result', 'failed', 'restarted', 'silent', 'pair-stopped'];
    expect(faults.map(({ code }) => code).filter((code) => blames.includes(code))).toEqual([]);
    // What came in after it was never answered as something that had been done before: each sum is that of its own turn.
    const after = [...client.sent.values()].filter(({ id }) => !before.has(id));
    const sums = after.flatMap(({ answers }) => answers.map(({ sum }) => sum));
    expect(new Set(sums).size).toBe(sums.length);
    expect(after.filter(({ answers }) => answers.length !== 1)).toEqual([]);
  }, 300_000);
});
