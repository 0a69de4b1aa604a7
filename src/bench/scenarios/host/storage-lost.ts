import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Status } from '../../../control/contract/status.js';
import type { RunPlan, Scenario } from '../../stage/run-plan.js';
import {
  check,
  checkDrives,
  checkFaults,
  commonChecks,
  type ReceivedRun,
  type RunCheck,
} from '../../stage/run-record.js';
import type { Stage } from '../../stage/stage.js';

/** How long the storage is in trouble. */
const LOST_US = 700_000;
/** Inputs are spread over so much time, so that many come meanwhile. */
const OVER_US = 1_500_000;
/** What one transaction takes on the slow disk, and for how long it is slow. */
const FSYNC_US = 1_000_000;
const SLOW_US = 3_000_000;

const POWER = { ledger: { path: 'ledger.sqlite', durability: 'power' } };

interface Meanwhile {
  status: Status | null;
  answeredBefore: number;
  answeredAfter: number;
}
const meanwhiles = new WeakMap<object, Meanwhile>();

/** Takes the storage away, and gives it back; the run goes on until everything is recorded again. */
function lose(stage: Stage, takeAway: () => void, giveBack: () => void): void {
  stage.inject(0.2, () => {
    const seen: Meanwhile = { status: null, answeredBefore: stage.client.answered, answeredAfter: 0 };
    meanwhiles.set(stage, seen);
    takeAway();
    stage.do(async () => {
      await stage.pass(LOST_US);
      seen.status = (await stage.gateway?.status()) ?? null;
      seen.answeredAfter = stage.client.answered;
      giveBack();
      await stage.settled(({ ledger }) => ledger.recordedToDisk);
    });
  });
}

/**
 * As on a disk without room, for every file of the gateway's process: a limit of the system, for which nobody needs to be
 * root. (It is EFBIG and not ENOSPC; test/bench/break-storage.test.ts has a file system that is really full.)
 */
function limitFiles(stage: Stage, bytes: '1' | 'unlimited'): void {
  const pid = stage.gateway?.pid;
  if (pid !== undefined) execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
}

function journalOf(stage: Stage): string {
  return join(dirname(stage.configFile), 'journal');
}

/** The files are unlinked, the folder of the journal with them; what lies there now cannot be opened. */
function removeFiles(stage: Stage): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(stage.ledgerFile + suffix, { force: true });
  mkdirSync(stage.ledgerFile);
  rmSync(journalOf(stage), { recursive: true, force: true });
  writeFileSync(journalOf(stage), 'in the way');
}

function clearTheWay(stage: Stage): void {
  rmSync(stage.ledgerFile, { recursive: true });
  rmSync(journalOf(stage), { force: true });
}

function wentOn(run: ReceivedRun): RunCheck[] {
  const seen = meanwhiles.get(run.stage);
  const story = run.faults.filter(({ code }) => code === 'not-recorded').map(({ timeline }) => timeline.at(-1)?.step);
  return [
    check('inputs were answered meanwhile', (seen?.answeredAfter ?? 0) > (seen?.answeredBefore ?? 0), seen),
    check('status said so meanwhile', seen?.status?.ledger.recordedToDisk === false, seen?.status?.ledger),
    check('everything is recorded to disk again', run.status.ledger.recordedToDisk, run.status.ledger),
    check('the story of the fault ends', story.length > 0 && story.every((step) => step === 'recorded-again'), story),
  ];
}

function saysNotHeld(run: ReceivedRun): RunCheck {
  const why = meanwhiles.get(run.stage)?.status?.ledger.why ?? '';
  return check('status said that durability power is not held', why.includes('power is NOT HELD'), { why });
}

export const ledgerFull: Scenario = {
  name: 'ledger-full',
  onlyNamed: true,
  promise:
    'no file can be written any more: the pair goes on from memory, a takeover too, says so, blames no board for it and records everything when there is room again',
  runs: [
    {
      variant: 'durability process, and a hangs meanwhile',
      ends: 'not protected',
      client: { overUs: OVER_US },
      plan: (stage) => {
        lose(
          stage,
          () => {
            limitFiles(stage, '1');
            stage.world.boards.a.board.halt();
          },
          () => limitFiles(stage, 'unlimited'),
        );
      },
      checks: (run) => [
        ...commonChecks(run),
        ...wentOn(run),
        checkDrives(run, 'a', 'b'),
        checkFaults(run, 'not-recorded', 'silent'),
      ],
    },
    {
      variant: 'durability power',
      config: POWER,
      client: { overUs: OVER_US },
      plan: (stage) =>
        lose(
          stage,
          () => limitFiles(stage, '1'),
          () => limitFiles(stage, 'unlimited'),
        ),
      checks: (run) => [
        ...commonChecks(run),
        ...wentOn(run),
        saysNotHeld(run),
        checkDrives(run, 'a'),
        checkFaults(run, 'not-recorded'),
      ],
    },
  ],
};

function goneRun(variant: string, config: RunPlan['config']): RunPlan {
  return {
    variant,
    ...(config === undefined ? {} : { config }),
    client: { overUs: OVER_US },
    plan: (stage) =>
      lose(
        stage,
        () => removeFiles(stage),
        () => clearTheWay(stage),
      ),
    checks: (run) => [
      ...commonChecks(run),
      ...wentOn(run),
      ...(config === undefined ? [] : [saysNotHeld(run)]),
      checkDrives(run, 'a'),
      checkFaults(run, 'not-recorded'),
    ],
  };
}

export const ledgerGone: Scenario = {
  name: 'ledger-gone',
  onlyNamed: true,
  promise:
    'the ledger and the folder of the journal are removed under the running gateway: it notices, goes on from memory, and has them whole again once their place is free',
  runs: [goneRun('durability process', undefined), goneRun('durability power', POWER)],
};

export const ledgerSlow: Scenario = {
  name: 'ledger-slow',
  onlyNamed: true,
  promise:
    'each transaction takes a second for a while: commits wait, the boards are told to wait with them, nobody is declared failed, nothing is lost',
  runs: [
    {
      variant: 'durability power',
      config: POWER,
      plan: (stage) =>
        stage.inject(0.4, () => {
          const seen: Meanwhile = { status: null, answeredBefore: stage.client.answered, answeredAfter: 0 };
          meanwhiles.set(stage, seen);
          stage.gateway?.delayStorage(FSYNC_US);
          stage.do(async () => {
            await stage.pass(SLOW_US);
            seen.status = (await stage.gateway?.status()) ?? null;
            seen.answeredAfter = stage.client.answered;
            stage.gateway?.delayStorage(0);
          });
        }),
      checks: (run) => {
        const seen = meanwhiles.get(run.stage);
        const answered = (seen?.answeredAfter ?? 0) - (seen?.answeredBefore ?? 0);
        return [
          ...commonChecks(run),
          check('commits waited for the disk', answered * FSYNC_US <= SLOW_US, { answered }),
          check('it was no trouble, only slow', seen?.status?.ledger.recordedToDisk === true, seen?.status?.ledger),
          checkDrives(run, 'a'),
          checkFaults(run),
        ];
      },
    },
  ],
};
