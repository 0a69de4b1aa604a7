import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// The compiled code: the gateway is forked from it, and the emulators run at their full speed.
import { expectedRun } from '#built/bench/judge/expected-run.js';
import type { ActuatorVerdict } from '#built/bench/judge/judge-actuator.js';
import { type AnswersVerdict, judgeAnswers } from '#built/bench/judge/judge-answers.js';
import { judgeStage } from '#built/bench/judge-stage.js';
import type { LinkModelName } from '#built/bench/link-models/link-parameters.js';
import { ScriptedBoard, type ScriptedBoardOptions } from '#built/bench/scripted-board.js';
import { GatewayChild } from '#built/bench/stage/gateway-child.js';
import { endOf } from '#built/bench/stage/pair-end.js';
import { Stage } from '#built/bench/stage/stage.js';
import type { StageSetup } from '#built/bench/stage/stage-setup.js';
import type { Status } from '#built/control/contract/status.js';
import type { StoredFault } from '#built/faults/stored-fault.js';
import { openLedgerReader } from '#built/ledger/reader/reader.js';

/** What the tests that break things share: one bench, played to its end and judged by actuator and answers. */

export const folder = mkdtempSync(join(tmpdir(), 'copycat-break-'));
let runs = 0;

/** For `afterAll`. */
export function cleanUp(): void {
  GatewayChild.discardSpare();
  rmSync(folder, { recursive: true, force: true });
}

export interface BrokenRun extends StageSetup {
  readonly inputs: number;
  readonly seed?: number;
  readonly link?: LinkModelName;
  /** For runs that end without all answers. */
  readonly stuckUs?: number;
  /** Plans what breaks; the pair is protected by then, and no input has been sent. */
  readonly plan: (stage: Stage) => void;
  /** Where the configuration puts the ledger, when it is not the bench's own place. */
  readonly ledgerFile?: string;
  /** After the last answer (or when nothing is answered any more), while the gateway runs. */
  readonly last?: (stage: Stage) => Promise<void>;
}

export interface JudgedRun {
  readonly stage: Stage;
  readonly answers: AnswersVerdict;
  readonly actuator: ActuatorVerdict;
  readonly faults: readonly StoredFault[];
  readonly status: Status | undefined;
}

/** Plays one run with real parts: pseudo-terminals, serialport, SQLite, the gateway in a process of its own. */
export async function playBroken(run: BrokenRun): Promise<JudgedRun> {
  const { inputs, seed = 1, link = 'uno-16u2', stuckUs, plan, ledgerFile, last, ...setup } = run;
  const options = {
    name: 'break',
    folder: join(folder, `run-${++runs}`),
    seed,
    inputs,
    link,
    ...(stuckUs === undefined ? {} : { stuckUs }),
  };
  // As fast as the answers come: a backup that is behind is what makes a takeover hard.
  const stage = await Stage.create(options, { ...setup, client: { paceUs: 0, ...setup.client } });
  try {
    await stage.play(() => plan(stage));
    await last?.(stage);
    const status = await stage.gateway?.status();
    await stage.gateway?.retire();
    const { sent } = stage.client;
    const expected = expectedRun(sent.map(({ payload }) => payload));
    const order = sent.map(({ id }) => id);
    return {
      stage,
      answers: judgeAnswers(sent, order, expected.replies),
      actuator: judgeStage(stage, order, expected),
      faults: readFaults(ledgerFile ?? stage.ledgerFile),
      status,
    };
  } finally {
    await stage.close();
  }
}

export function readFaults(ledgerFile: string): StoredFault[] {
  const reader = openLedgerReader(ledgerFile);
  try {
    return reader.listFaults({ limit: 1000 }).map(({ id }) => reader.showFault(id));
  } finally {
    reader.close();
  }
}

/** Two boards in TypeScript on the same links: they cost little, and remember what they executed and acted on. */
export function scripted(
  a: Partial<ScriptedBoardOptions> = {},
  b: Partial<ScriptedBoardOptions> = {},
): NonNullable<StageSetup['boards']> {
  return () => ({
    a: new ScriptedBoard({ seed: 1, ...a }),
    b: new ScriptedBoard({ seed: 2, ...b }),
  });
}

/** SIGKILL; then a new gateway on the same ledger, and the client asks again for what it was not answered. */
export async function killAndStartAgain(stage: Stage): Promise<void> {
  await stage.killGateway();
  stage.client.disconnect();
  await stage.startAgain();
  await stage.connectClient();
}

/** Everything a run promises, in one comparison. */
export const NOTHING_WRONG = { lost: [], duplicated: [], wrongAnswers: [], wrongAtActuator: [], stands: 'as expected' };

export function wrongs({ stage, status, answers, actuator }: JudgedRun): typeof NOTHING_WRONG {
  const end = status === undefined ? 'no gateway' : endOf(status);
  const stands = !stage.stoodAtStart ? 'never protected' : end === stage.ends ? 'as expected' : end;
  return {
    lost: answers.lost,
    duplicated: answers.duplicated,
    wrongAnswers: answers.wrong,
    wrongAtActuator: actuator.wrong,
    stands,
  } as unknown as typeof NOTHING_WRONG;
}

export function codes(run: JudgedRun): string[] {
  return [...new Set(run.faults.map(({ code }) => code))].sort();
}

/** Emulated time passes. */
export function pass(stage: Stage, us: number): Promise<void> {
  return stage.pass(us);
}
