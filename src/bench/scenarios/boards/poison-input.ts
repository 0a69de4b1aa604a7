import type { CommandOutcome } from '../../../control/contract/command.js';
import type { Status } from '../../../control/contract/status.js';
import type { BoardName } from '../../bench-board.js';
import type { RunPlan, Scenario } from '../../stage/run-plan.js';
import { check, checkDrives, checkFaults, commonChecks, type ReceivedRun } from '../../stage/run-record.js';
import type { Stage } from '../../stage/stage.js';
import { onNextToBoard } from '../../stage/watching/wire-trigger.js';

/** How long the boards are without their supply. */
const OFF_US = 100_000;
/** Time for boards to boot and show their safe levels, and for the first input to act. */
const BOOT_US = 1_500_000;

interface Poisoned {
  /** The client's id of the input, and the seq under which the pair knows it. */
  readonly id: number;
  seq: number;
  diedOnIt: BoardName[];
  stopped: Status | null;
  toldClient: string[];
  readonly outcomes: CommandOutcome[];
}
const poisoned = new WeakMap<object, Poisoned>();

/** Hangs whichever board is given this input, each once: what a divide by a payload of nothing does to a sketch. */
function poison(stage: Stage, seen: Poisoned): void {
  for (const name of ['a', 'b'] as const) {
    // The first input after the id before it was answered; the other board gets the same seq.
    const isIt = (seq: number): boolean => (name === 'a' ? seen.seq === 0 : seq === seen.seq);
    onNextToBoard(
      stage.world,
      name,
      (message) => message.kind === 'input' && !message.probe && isIt(message.seq) && take(seen, message.seq),
      () => {
        seen.diedOnIt.push(name);
        stage.injectedAtUs ??= stage.world.nowUs();
        stage.world.boards[name].board.halt();
      },
    );
  }
}

function take(seen: Poisoned, seq: number): boolean {
  seen.seq = seq;
  return true;
}

/** What a person does: looks, gives both boards a new start, and says what is to become of the input. */
async function settle(stage: Stage, seen: Poisoned, command: 'retry' | 'drop'): Promise<void> {
  seen.stopped = await stage.settled(({ phase }) => phase === 'stopped');
  seen.toldClient = [...stage.client.errors];
  const { a, b } = stage.world.boards;
  for (const { board } of [a, b]) board.powerCycle(OFF_US);
  stage.allowSafeLevel('b', BOOT_US);
  await stage.pass(OFF_US);
  seen.outcomes.push(await stage.command({ command, seq: seen.seq }));
  if (command === 'drop') stage.client.giveUp(seen.id);
  else {
    await stage.settled((status) => status.phase === 'serving' && status.inputs.quarantined.length === 0);
    stage.client.askAgain(seen.id);
  }
}

function plan(command: 'retry' | 'drop'): Pick<RunPlan, 'plan' | 'order' | 'checks'> {
  return {
    plan: (stage) => {
      const id = Math.max(3, Math.floor(stage.options.inputs / 2));
      const seen: Poisoned = { id, seq: 0, diedOnIt: [], stopped: null, toldClient: [], outcomes: [] };
      poisoned.set(stage, seen);
      stage.afterAnswers(id - 1, () => {
        poison(stage, seen);
        stage.do(() => settle(stage, seen, command));
      });
    },
    // Both boards have lost their state with their supply: the pair begins anew.
    order: (stage) => {
      const { id } = poisoned.get(stage) ?? { id: 0 };
      const ids = stage.client.sent.filter(({ isGivenUp }) => !isGivenUp).map((input) => input.id);
      const before = ids.filter((other) => other < id);
      return [...before, null, ...ids.slice(before.length)];
    },
    checks: (run) => [
      ...commonChecks(run),
      ...quarantined(run),
      checkDrives(run, 'a', 'b'),
      checkFaults(run, 'silent', 'input-quarantined', 'pair-stopped', 'pair-restarted'),
    ],
  };
}

function quarantined(run: ReceivedRun) {
  const seen = poisoned.get(run.stage);
  const { stopped, toldClient = [], outcomes = [], diedOnIt = [], seq = 0, id = 0 } = seen ?? {};
  const isTold = toldClient.some((line) => line.includes(`"id":${id},`) && line.includes('QUARANTINED'));
  return [
    check('first a, then b died on it', diedOnIt.join() === 'a,b', { diedOnIt }),
    check('the pair stopped, with the input quarantined', stopped?.inputs.quarantined.join() === `${seq}`, {
      phase: stopped?.phase,
      quarantined: stopped?.inputs.quarantined,
    }),
    check('the client was told', isTold, { toldClient }),
    check('the command was carried out', outcomes.length === 1 && outcomes.every((one) => 'done' in one), outcomes),
  ];
}

export const poisonInput: Scenario = {
  name: 'poison-input',
  promise:
    'an input on which both boards hang, one after the other: it is quarantined and never given a third time, the pair stops with an alarm, its client is told; after a new start of both boards it is dropped (or, cured, tried again) as a person says, and the pair goes on',
  runs: [
    {
      variant: 'dropped',
      // One of them is the poison, and is not answered.
      ...plan('drop'),
      gaveUp: 1,
    },
    { variant: 'cured and tried again', ...plan('retry') },
  ],
};
