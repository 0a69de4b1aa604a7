import { decodeFrame } from '../../../protocol/frame-codec.js';
import type { Scenario } from '../../stage/run-plan.js';
import { check, checkDrives, checkFaults, commonChecks, type ReceivedRun } from '../../stage/run-record.js';
import { PinWatch } from '../../stage/watching/pin-watch.js';

const TAKEOVER = 'b takes over; nothing lost, nothing acted on twice; the duty after the switch is right';

function tookOver(run: ReceivedRun, reason: string) {
  return [...commonChecks(run), checkDrives(run, 'a', 'b'), checkFaults(run, reason)];
}

export const primaryHalts: Scenario = {
  name: 'primary-halts',
  promise: `${TAKEOVER}; a board that hangs stays out`,
  runs: [
    {
      variant: '',
      ends: 'not protected',
      plan: (stage) => stage.inject(0.4, () => stage.world.boards.a.board.halt()),
      checks: (run) => tookOver(run, 'silent'),
    },
  ],
};

export const primaryUnplugged: Scenario = {
  name: 'primary-unplugged',
  promise: `${TAKEOVER}; no deadline is waited for; a board without its cable stays out`,
  runs: [
    {
      variant: '',
      ends: 'not protected',
      plan: (stage) => stage.inject(0.4, () => stage.world.boards.a.unplug()),
      checks: (run) => tookOver(run, 'unplugged'),
    },
  ],
};

export const primaryRestarts: Scenario = {
  name: 'primary-restarts',
  promise: `${TAKEOVER}; the restart is noticed even when its HELLO is lost; the board comes back by joining, and the pair is protected again`,
  runs: [
    {
      variant: 'hello seen',
      plan: (stage) =>
        stage.inject(0.4, () => {
          stage.allowSafeLevel('a');
          stage.world.boards.a.board.resetExternal();
        }),
      checks: (run) => tookOver(run, 'restarted'),
    },
    {
      variant: 'hello lost',
      plan: (stage) =>
        stage.inject(0.4, () => {
          stage.allowSafeLevel('a');
          const { board, link } = stage.world.boards.a;
          link.faults.fromBoard.dropNextFrame((frame) => {
            const decoded = decodeFrame(frame);
            return decoded.ok && decoded.message.kind === 'hello';
          });
          board.resetExternal();
        }),
      checks: (run) => [
        ...tookOver(run, 'restarted'),
        check(
          'its first HELLO was lost',
          run.stage.world.boards.a.link.faults.fromBoard.counters.framesDropped === 1,
          run.stage.world.boards.a.link.faults.fromBoard.counters,
        ),
      ],
    },
  ],
};

const pins = new WeakMap<object, PinWatch>();

/** Longer than the deadline, shorter than the board's own patience. */
const SLOW_US = 120_000;

export const primarySlow: Scenario = {
  name: 'primary-slow',
  promise:
    'locked out; its late commit meets the constraint, the board shuts itself down, and its safe level never reaches the actuator; it is then reset, joins, and the pair is protected again',
  runs: [
    {
      variant: '',
      plan: (stage) => {
        pins.set(stage, new PinWatch(stage.world, 'a'));
        stage.inject(0.4, () => {
          const uno = stage.uno('a');
          // In the middle of an input: its result is on its way, far too late.
          uno.breakpointOnce(stage.symbols.inputReturned, () => {
            stage.injectedAtUs = stage.world.nowUs();
            uno.pauseForUs(SLOW_US);
          });
        });
      },
      checks: (run) => {
        const steps = run.faults[0]?.timeline.map((entry) => entry.step) ?? [];
        const levels = pins.get(run.stage)?.levels ?? [];
        return [
          ...tookOver(run, 'silent'),
          check('its late commit was refused by the constraint', steps.includes('late-commit-refused'), { steps }),
          check(
            'refused and told only after the relay had moved',
            steps.includes('violation-sent') && steps.indexOf('violation-sent') > steps.indexOf('relay-moved'),
            { steps },
          ),
          check(
            'the board shut itself down',
            levels.some(({ duty, trip }) => duty === 0 && trip),
            levels.slice(-5),
          ),
        ];
      },
    },
  ],
};
