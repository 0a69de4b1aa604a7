import type { Message } from '../../../protocol/messages.generated.js';
import type { Scenario } from '../../stage/run-plan.js';
import { check, checkDrives, checkFaults, commonChecks, type ReceivedRun } from '../../stage/run-record.js';
import type { Stage } from '../../stage/stage.js';
import { onNextToBoard } from '../../stage/watching/wire-trigger.js';

interface Step {
  readonly name: string;
  readonly board: 'a' | 'b';
  readonly is: (message: Message) => boolean;
  /** It leaves the pair by shutting itself down, and has to be reset; otherwise it restarts by itself. */
  readonly fails?: boolean;
}

/** What goes to the board that joins (b), or to the one whose state is read (a), when the gateway is killed. */
const STEPS: readonly Step[] = [
  { name: 'resetting', board: 'b', is: ({ kind }) => kind === 'reset', fails: true },
  { name: 'greeting', board: 'b', is: ({ kind }) => kind === 'helloRequest' },
  { name: 'opening', board: 'b', is: ({ kind }) => kind === 'open' },
  { name: 'reading', board: 'a', is: ({ kind }) => kind === 'stateGet' },
  { name: 'writing', board: 'b', is: ({ kind }) => kind === 'statePut' },
  { name: 'comparing', board: 'b', is: ({ kind }) => kind === 'input' },
  { name: 'granting', board: 'b', is: ({ kind }) => kind === 'commit' },
];

/** One step of duty: the board's own check finds it before the next input (R29). */
const FLIPPED_BIT = 0x01;

/** No step of a join is farther away. */
const LONGEST_US = 10_000_000;

const killedIn = new WeakMap<object, string[]>();

/** Makes b join, and kills the gateway the moment it does that; the next one has to bring it to its end. */
async function killIn(stage: Stage, { name, board, is, fails }: Step, loses: boolean): Promise<void> {
  const reached = new Promise<boolean>((resolve) => {
    onNextToBoard(stage.world, board, is, () => resolve(true), { loses });
  });
  if (fails === true) stage.uno('b').pokeRam(stage.symbols.integratorAddress + 1, FLIPPED_BIT);
  else stage.world.boards.b.board.resetExternal();
  stage.injectedAtUs ??= stage.world.nowUs();
  if (!(await Promise.race([reached, stage.pass(LONGEST_US).then(() => false)]))) return;
  killedIn.get(stage)?.push(name);
  await stage.killGateway();
  stage.client.disconnect();
  await stage.startAgain();
  await stage.connectClient();
  await stage.settled((status) => status.protected);
}

export const killedWhileJoining: Scenario = {
  name: 'killed-while-joining',
  onlyNamed: true,
  promise:
    'kill -9 in each step of a join, with what was being sent lost and not: the next gateway starts clean and brings it to its end; nothing lost, the primary goes on',
  runs: [true, false].map((loses) => ({
    variant: loses ? 'message lost' : 'message arrived',
    // It leaves on purpose, again and again.
    config: { flapping: { limit: 100, permanent: 100 }, join: { patience: '100ms' } },
    client: { overUs: 8_000_000 },
    plan: (stage: Stage) => {
      killedIn.set(stage, []);
      stage.afterAnswers(3, () =>
        stage.do(async () => {
          for (const step of STEPS) await killIn(stage, step, loses);
        }),
      );
    },
    checks: (run: ReceivedRun) => [
      ...commonChecks(run),
      check('killed in every step', killedIn.get(run.stage)?.length === STEPS.length, killedIn.get(run.stage)),
      checkDrives(run, 'a'),
      checkFaults(run, 'failed', 'restarted', 'gateway-restarted'),
    ],
  })),
};
