import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Link } from '../../src/bench/link-models/link.js';
import { linkParameters } from '../../src/bench/link-models/link-parameters.js';
import { BenchPort } from '../../src/bench/world/bench-port.js';
import { Pacer } from '../../src/bench/world/pacer.js';
import { Pty } from '../../src/bench/world/pty.js';
import { VirtualClock } from '../../src/bench/world/virtual-clock.js';
import { WallClock } from '../../src/clock/clock.js';
import { atmega328p } from '../../src/emulator/atmega328p.js';
import { atmega2560 } from '../../src/emulator/atmega2560.js';
import { EmulatedBoard } from '../../src/emulator/emulated-board.js';

/** The figure of a link at 57600 baud that nothing depends on: how far emulated boards and links may be apart. */
const QUANTUM_US = 100;

/** StandardFirmata as a package carries it, for the Uno and the Mega; nothing of it is kept here. */
function standardFirmata(board: 'uno' | 'mega'): string {
  const package_ = createRequire(import.meta.url).resolve('avrgirl-arduino/package.json');
  return readFileSync(join(dirname(package_), 'junk', 'hex', board, 'StandardFirmata.cpp.hex'), 'utf8');
}

/** A level that a pin has been driven to. */
export interface PinChange {
  readonly pin: number;
  readonly on: boolean;
}

/** An emulated board with the real StandardFirmata, on an emulated USB cable, behind a pseudo-terminal, paced by the wall clock. */
export class FirmataStage {
  /** Every change of a pin but the lamp's (13), in order, as the pin showed it. */
  readonly changes: PinChange[] = [];
  onChange: (change: PinChange) => void = () => undefined;
  readonly #folder: string;
  readonly #pacer: Pacer;

  private constructor(
    readonly board: EmulatedBoard,
    readonly port: BenchPort<EmulatedBoard>,
    clock: VirtualClock,
    folder: string,
  ) {
    this.#folder = folder;
    const step = (untilUs: number): void => {
      while (clock.nowUs() < untilUs) {
        const nextUs = Math.min(untilUs, clock.nowUs() + QUANTUM_US, Math.max(clock.nowUs(), clock.nextAlarmUs()));
        board.runUntilUs(nextUs);
        clock.advanceTo(nextUs);
      }
    };
    this.#pacer = new Pacer(
      { nowUs: () => clock.nowUs(), step, isBound: false, limitUs: Number.POSITIVE_INFINITY },
      new WallClock(),
    );
    board.onOutput = (_atUs, pin, duty) => {
      if (pin === 13) return;
      const change = { pin, on: duty > 127 };
      this.changes.push(change);
      this.onChange(change);
    };
    // The sketch tells its version with the lamp before it listens: nothing to wait for here.
    step(2_500_000);
    this.#pacer.start();
  }

  static async create(kind: 'uno' | 'mega' = 'uno'): Promise<FirmataStage> {
    const folder = mkdtempSync(join(tmpdir(), 'copycat-firmata-'));
    const clock = new VirtualClock();
    const mcu = kind === 'uno' ? atmega328p : atmega2560;
    const board = new EmulatedBoard({ hex: standardFirmata(kind), seed: 5, mcu });
    const pty = await Pty.create(join(folder, 'firmata'));
    const link = new Link({
      clock,
      board,
      parameters: linkParameters['uno-16u2'],
      baudRate: 57_600,
      toHost: (bytes) => pty.write(bytes),
    });
    return new FirmataStage(board, new BenchPort('a', board, link, pty), clock, folder);
  }

  isOn(pin: number): boolean {
    return this.board.duty(pin) > 127;
  }

  changesOf(pin: number): boolean[] {
    return this.changes.filter((one) => one.pin === pin).map(({ on }) => on);
  }

  stop(): void {
    this.#pacer.stop();
    this.port.unplug();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
