import type { HardwareStage } from './hardware-stage.js';

export interface HardwareScenario {
  readonly name: string;
  readonly promise: string;
  /** `reset`: the RESET of both boards is wired. */
  readonly needs?: 'reset';
  /** Codes of faults that belong to it; any other one breaks its promise. */
  readonly faults: readonly string[];
  /** The other board drives afterwards. */
  readonly changesPrimary?: boolean | 'either';
  /** Makes it happen in the middle of the inputs, and makes it undone. */
  readonly strike: (stage: HardwareStage) => Promise<void>;
}

const PULSE_MS = 100;

/** What can be done to a real pair by its RESET lines and its ports, with the actuator isolated. */
export const HARDWARE_SCENARIOS: readonly HardwareScenario[] = [
  {
    name: 'steady',
    promise: 'without a fault every input is answered once, in order, and no fault is told',
    faults: [],
    strike: () => Promise.resolve(),
  },
  {
    name: 'switchover',
    promise: 'a planned change of the primary loses nothing',
    faults: ['switched-over'],
    changesPrimary: true,
    strike: (stage) => stage.switchOver(),
  },
  {
    name: 'gateway-restarted',
    promise: 'a gateway that ends and starts again takes the running boards back: opening their ports restarts neither',
    faults: ['gateway-restarted'],
    strike: (stage) => stage.restartGateway(),
  },
  {
    name: 'backup-unplugged',
    promise: 'the primary goes on without its backup, which joins again when it is back',
    faults: ['unplugged'],
    strike: (stage) => stage.unplug('backup', stage.awayMs),
  },
  {
    name: 'primary-unplugged',
    promise: 'the backup takes over when the primary is gone; what was accepted is answered',
    faults: ['unplugged'],
    changesPrimary: true,
    strike: (stage) => stage.unplug('primary', stage.awayMs),
  },
  {
    name: 'both-unplugged',
    promise: 'with both boards gone the pair waits, and goes on when they are back',
    faults: ['unplugged', 'pair-stopped', 'joining-failed'],
    // Whose loss is noticed first, nobody can say.
    changesPrimary: 'either',
    strike: (stage) => stage.unplugBoth(stage.awayMs),
  },
  {
    name: 'primary-restarts',
    promise: 'a primary that restarts has lost its state: the backup takes over, and it joins anew',
    needs: 'reset',
    faults: ['restarted', 'silent'],
    changesPrimary: true,
    strike: (stage) => stage.reset('primary', PULSE_MS),
  },
  {
    name: 'backup-restarts',
    promise: 'a backup that restarts joins anew, and the primary never waits for it',
    needs: 'reset',
    faults: ['restarted', 'silent', 'joining-failed'],
    strike: (stage) => stage.reset('backup', PULSE_MS),
  },
  {
    name: 'primary-hangs',
    promise: 'a primary that says nothing any more is declared failed at the deadline, and the backup takes over',
    needs: 'reset',
    // It is let go at any moment of a join that it was asked for meanwhile.
    faults: ['silent', 'restarted', 'joining-failed'],
    changesPrimary: true,
    strike: (stage) => stage.reset('primary', stage.awayMs),
  },
];
