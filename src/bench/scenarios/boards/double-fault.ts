import type { CommandOutcome } from '../../../control/contract/command.js';
import type { Status } from '../../../control/contract/status.js';
import type { Scenario } from '../../stage/run-plan.js';
import { check, checkDrives, checkFaults, commonChecks, type ReceivedRun } from '../../stage/run-record.js';
import type { Stage } from '../../stage/stage.js';
import { onNextToBoard } from '../../stage/watching/wire-trigger.js';

/** How long a board is without its supply, or its cable. */
const OFF_US = 100_000;
/** Time for boards to boot and show their safe levels, and for the first input to act. */
const BOOT_US = 1_500_000;

interface Stopped {
  readonly status: Status | null;
  /** Answers by then: what was answered in the state that is lost with the boards. */
  readonly answered: number;
  readonly outcome: CommandOutcome;
}
const stops = new WeakMap<object, Stopped>();

/** A person finds the pair stopped, gives the boards a new start, and lets it go on. */
async function resume(stage: Stage): Promise<void> {
  const status = await stage.settled(({ phase }) => phase === 'stopped');
  // What is answered by now was answered by boards whose state ends here.
  await stage.pass(OFF_US);
  const { answered } = stage.client;
  for (const name of ['a', 'b'] as const) {
    stage.allowSafeLevel(name, BOOT_US);
    stage.world.boards[name].board.powerCycle(OFF_US);
  }
  await stage.pass(OFF_US);
  stops.set(stage, { status, answered, outcome: await stage.command({ command: 'resume' }) });
}

function stopped(run: ReceivedRun) {
  const { status, outcome } = stops.get(run.stage) ?? { status: null, outcome: null };
  return [
    check('the pair stopped for a person', status?.phase === 'stopped', { phase: status?.phase, why: status?.why }),
    check('and went on when it was told to', outcome !== null && 'done' in outcome, outcome),
  ];
}

function orderWithRestart(stage: Stage): (number | null)[] {
  const { answered } = stops.get(stage) ?? { answered: 0 };
  const ids: (number | null)[] = stage.client.sent.map(({ id }) => id);
  ids.splice(answered, 0, null);
  return ids;
}

export const doubleFault: Scenario = {
  name: 'double-fault',
  onlyNamed: true,
  promise:
    'two faults at once: no wrong level and no accepted input lost; where nobody can take over, the pair stops with an alarm, and goes on when a person says so',
  runs: [
    {
      variant: 'primary hangs while the backup joins',
      // Soon enough that inputs are left for it.
      config: { join: { patience: '100ms' } },
      client: { overUs: 1_500_000 },
      order: orderWithRestart,
      plan: (stage) => {
        const { a, b } = stage.world.boards;
        stage.inject(0.4, () => {
          onNextToBoard(
            stage.world,
            'b',
            ({ kind }) => kind === 'statePut',
            () => {
              a.board.halt();
              stage.do(() => resume(stage));
            },
          );
          b.board.resetExternal();
        });
      },
      checks: (run) => [
        ...commonChecks(run),
        ...stopped(run),
        checkDrives(run, 'a'),
        checkFaults(run, 'restarted', 'silent', 'pair-stopped', 'pair-restarted'),
      ],
    },
    {
      variant: 'both boards restart at once',
      order: orderWithRestart,
      plan: (stage) =>
        stage.inject(0.4, () => {
          for (const name of ['a', 'b'] as const) {
            stage.allowSafeLevel(name, BOOT_US);
            stage.world.boards[name].board.resetExternal();
          }
          stage.do(() => resume(stage));
        }),
      checks: (run) => [
        ...commonChecks(run),
        ...stopped(run),
        checkFaults(run, 'restarted', 'pair-stopped', 'pair-restarted'),
      ],
    },
    {
      variant: 'the new primary is unplugged while it takes over',
      ends: 'not protected',
      plan: (stage) => {
        const { a, b } = stage.world.boards;
        stage.inject(0.4, () => {
          const { relay } = stage.world;
          const setLine = relay.setLine.bind(relay);
          relay.setLine = (value) => {
            relay.setLine = setLine;
            setLine(value);
            b.unplug();
            stage.do(async () => {
              await stage.pass(OFF_US);
              b.plug();
            });
          };
          a.board.halt();
        });
      },
      // The moving relay may have thrown it off the bus: it is waited for, and is no fault of its own.
      checks: (run) => [...commonChecks(run), checkDrives(run, 'a', 'b'), checkFaults(run, 'silent')],
    },
  ],
};
