import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Stage } from '#built/bench/stage/stage.js';
import type { Status } from '#built/control/contract/status.js';
import {
  cleanUp,
  codes,
  folder,
  type JudgedRun,
  killAndStartAgain,
  NOTHING_WRONG,
  pass,
  playBroken,
  wrongs,
} from './break-kit.js';

/** A disk that is full: a small one of our own, which takes the right to mount. */

const disk = join(folder, 'disk');
const filler = join(disk, 'filler');

function mounts(): boolean {
  mkdirSync(disk, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m,mode=700', 'copycat-test', disk], { stdio: 'ignore' });
    execFileSync('umount', [disk], { stdio: 'ignore' });
    return true;
  } catch {
    // Not root, or a container without the right: skipped, and counted as that.
    return false;
  }
}

function fillUp(): void {
  const file = openSync(filler, 'w');
  const block = Buffer.alloc(4096);
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}

const stepsOf = (run: JudgedRun, code: string): string[] =>
  run.faults.filter((fault) => fault.code === code).flatMap(({ timeline }) => timeline.map(({ step }) => step));

const makeRoom = (): void => rmSync(filler);

/** Fills the disk at a moment that the seed decides, and makes room again so long after. */
function fullFor(stage: Stage, share: number, us: number, meanwhile: (status: Status | undefined) => void): void {
  stage.inject(share, () => {
    fillUp();
    stage.do(async () => {
      await pass(stage, us);
      meanwhile(await stage.gateway?.status());
      makeRoom();
    });
  });
}

afterAll(cleanUp);

describe.skipIf(!mounts())('a disk that is full', () => {
  beforeEach(() => {
    mkdirSync(disk, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m,mode=700', 'copycat-test', disk]);
  });
  afterEach(() => {
    execFileSync('umount', ['-l', disk]);
  });

  test('R17: the pair goes on without it, a takeover too, says so, and writes down later what it owes', async () => {
    const seen: (Status | undefined)[] = [];
    const run = await playBroken({
      inputs: 40,
      ends: 'not protected',
      client: { paceUs: 5_000 },
      config: { ledger: { path: join(disk, 'ledger.sqlite'), journal: 'journal' } },
      ledgerFile: join(disk, 'ledger.sqlite'),
      plan: (stage) => {
        fullFor(stage, 0.3, 700_000, (status) => seen.push(status));
        stage.inject(0.6, () => stage.world.boards.a.board.halt());
      },
      // Room again; the ledger asks every quarter of a second.
      last: (stage) => pass(stage, 400_000),
    });
    expect(seen.map((status) => [status?.ledger.recordedToDisk, status?.primary])).toEqual([[false, 'b']]);
    expect(wrongs(run)).toEqual(NOTHING_WRONG);
    expect(run.actuator.drives).toEqual(['a', 'b']);
    expect(run.status?.ledger).toMatchObject({ recordedToDisk: true, waiting: 0 });
    // Both were told while the disk was full.
    expect(codes(run)).toEqual(['not-recorded', 'silent']);
    expect(stepsOf(run, 'silent')).toContain('took-over');
    expect(stepsOf(run, 'not-recorded')).toEqual(['evidence', 'recorded-again']);
  });

  test.each([
    ['the disk of durability: power', { path: join(disk, 'ledger.sqlite'), durability: 'power' }],
    ['the hot journal', { path: 'ledger.sqlite', journal: disk }],
  ])(
    'R17: %s full: it goes on in memory and says so, no board is blamed, and what memory held comes to the file',
    async (_what, ledger) => {
      const seen: (Status | undefined)[] = [];
      const answered: number[] = [];
      const run = await playBroken({
        inputs: 30,
        client: { inFlight: 2, paceUs: 20_000 },
        config: { ledger },
        ...(ledger.path.startsWith(disk) ? { ledgerFile: ledger.path } : {}),
        plan: (stage) => {
          stage.inject(0.4, () => answered.push(stage.client.answered));
          fullFor(stage, 0.4, 300_000, (status) => {
            seen.push(status);
            answered.push(stage.client.answered);
          });
        },
        last: (stage) => pass(stage, 1_500_000),
      });
      expect(seen.map((status) => [status?.ledger.recordedToDisk, status?.phase])).toEqual([[false, 'serving']]);
      expect(seen[0]?.ledger.why).toContain('SQLITE_FULL');
      expect(seen[0]?.ledger.why?.includes('power is NOT HELD')).toBe('durability' in ledger);
      // It was not waited for: inputs were answered meanwhile.
      expect((answered[1] ?? 0) - (answered[0] ?? 0)).toBeGreaterThan(5);
      expect(wrongs(run)).toEqual(NOTHING_WRONG);
      expect(run.actuator.drives).toEqual(['a']);
      expect(run.status?.ledger).toMatchObject({ recordedToDisk: true, why: null });
      expect(codes(run)).toEqual(['not-recorded']);
      expect(stepsOf(run, 'not-recorded')).toEqual(['evidence', 'recorded-again']);
    },
  );

  test('R17, R27: killed meanwhile: a start says why it cannot; with room again the boards tell it what was in memory', async () => {
    const refused: string[] = [];
    const run = await playBroken({
      inputs: 30,
      client: { inFlight: 2 },
      config: { ledger: { path: join(disk, 'ledger.sqlite'), durability: 'power' } },
      ledgerFile: join(disk, 'ledger.sqlite'),
      plan: (stage) =>
        stage.inject(0.5, () => {
          fillUp();
          stage.do(async () => {
            await pass(stage, 50_000);
            await killAndStartAgain(stage).catch((error: Error) => refused.push(error.message));
            makeRoom();
            await stage.startGateway();
            await stage.connectClient();
          });
        }),
    });
    expect(refused).toEqual([expect.stringMatching(/The ledger cannot be written: .*full/)]);
    // What was under way has lost its id with memory: its client, which had no answer, asks again, and it is executed again.
    const { wrongAnswers: _, wrongAtActuator: __, ...kept } = wrongs(run);
    expect(kept).toEqual({ lost: [], duplicated: [], stands: 'as expected' });
    expect(run.actuator.drives).toEqual(['a']);
    // The story of the disk was in memory as well.
    expect(codes(run)).toEqual(['host-restarted']);
  });
});
