import { decodeFrame } from '../../protocol/frame-codec.js';
import { heaterSymbols } from '../stage/heater-image.js';
import type { Scenario } from '../stage/run-plan.js';
import {
  check,
  checkDrives,
  checkFaults,
  checkProtected,
  commonChecks,
  type ReceivedRun,
} from '../stage/run-record.js';

const TAKEOVER = 'b takes over; nothing lost, nothing acted on twice; the duty after the switch is right';

function tookOver(run: ReceivedRun, reason: string) {
  return [...commonChecks(run), checkDrives(run, 'a', 'b'), checkFaults(run, reason), checkProtected(run, false)];
}

export const primaryHalts: Scenario = {
  name: 'primary-halts',
  promise: TAKEOVER,
  runs: [
    {
      variant: '',
      plan: (stage) => stage.inject(0.4, () => stage.world.boards.a.board.halt()),
      checks: (run) => tookOver(run, 'silent'),
    },
  ],
};

export const primaryUnplugged: Scenario = {
  name: 'primary-unplugged',
  promise: `${TAKEOVER}; no deadline is waited for`,
  runs: [
    {
      variant: '',
      plan: (stage) => stage.inject(0.4, () => stage.world.boards.a.unplug()),
      checks: (run) => tookOver(run, 'unplugged'),
    },
  ],
};

export const primaryRestarts: Scenario = {
  name: 'primary-restarts',
  promise: `${TAKEOVER}; the restart is noticed even when its HELLO is lost`,
  runs: [
    {
      variant: 'hello seen',
      safeLevelSeen: true,
      plan: (stage) => stage.inject(0.4, () => stage.world.boards.a.board.resetExternal()),
      checks: (run) => tookOver(run, 'restarted'),
    },
    {
      variant: 'hello lost',
      safeLevelSeen: true,
      plan: (stage) =>
        stage.inject(0.4, () => {
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

/** Longer than the deadline, shorter than the board's own patience. */
const SLOW_US = 120_000;

export const primarySlow: Scenario = {
  name: 'primary-slow',
  promise:
    'locked out; its late commit meets the constraint, the board shuts itself down, and its safe level never reaches the actuator',
  runs: [
    {
      variant: '',
      plan: (stage) =>
        stage.inject(0.4, () => {
          const uno = stage.uno('a');
          // In the middle of an input: its result is on its way, far too late.
          uno.breakpointOnce(heaterSymbols().inputReturned, () => {
            stage.injectedAtUs = stage.world.nowUs();
            uno.pauseForUs(SLOW_US);
          });
        }),
      checks: (run) => {
        const steps = run.faults[0]?.timeline.map((entry) => entry.step) ?? [];
        const { board } = run.stage.world.boards.a;
        return [
          ...tookOver(run, 'silent'),
          check('its late commit was refused by the constraint', steps.includes('late-commit-refused'), { steps }),
          check(
            'refused and told only after the relay had moved',
            steps.includes('violation-sent') && steps.indexOf('violation-sent') > steps.indexOf('relay-moved'),
            { steps },
          ),
          check('the board shut itself down', board.duty(9) === 0 && board.duty(8) > 0, {
            duty: board.duty(9),
            trip: board.duty(8),
          }),
        ];
      },
    },
  ],
};
