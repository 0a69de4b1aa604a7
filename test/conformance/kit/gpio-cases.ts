import assert from 'node:assert/strict';
import { findLine } from '../../../src/hardware/gpio/find-line.js';
import { GpioError, type GpioHost, type HeldLine } from '../../../src/hardware/gpio/gpio-chip.js';
import { takeLine } from '../../../src/hardware/gpio/take-line.js';

export interface GpioCase {
  readonly name: string;
  /** Throws when the host does not behave. `line`: one that nothing uses and nothing is connected to. */
  readonly run: (host: GpioHost, line: string) => void;
}

const output = (level: 0 | 1) => ({ direction: 'output', consumer: 'copycat-test', level }) as const;

function held<T>(line: HeldLine, use: (line: HeldLine) => T): T {
  try {
    return use(line);
  } finally {
    line.release();
  }
}

/**
 * What is expected of a host's GPIO, whether it is the kernel's or one of memory. Without a test framework, so that it
 * also runs where none is: in an emulated Raspberry Pi.
 */
export const gpioCases: readonly GpioCase[] = [
  {
    name: 'finds a line by its name, alone and on the chip of a label',
    run: (host, line) => {
      const found = findLine(host, line, null);
      const { label } = found.chip;
      found.chip.close();
      const again = findLine(host, line, label);
      again.chip.close();
      assert.equal(again.offset, found.offset);
      assert.throws(() => findLine(host, line, 'no-such-label'), { code: 'RELAY_UNAVAILABLE' });
      assert.throws(() => findLine(host, 'no-such-line', null), { code: 'RELAY_UNAVAILABLE' });
    },
  },
  {
    name: 'R13: the first level comes with the request, and an own output reads back',
    run: (host, line) => {
      for (const level of [1, 0] as const) {
        held(takeLine(host, line, null, output(level)), (taken) => assert.equal(taken.get(), level));
      }
    },
  },
  {
    name: 'an output shows every level that it is set to',
    run: (host, line) => {
      held(takeLine(host, line, null, output(0)), (taken) => {
        for (const level of [1, 0, 0, 1, 0] as const) {
          taken.set(level);
          assert.equal(taken.get(), level);
        }
      });
    },
  },
  {
    name: 'says who holds a line, and gives it no second time until it is released',
    run: (host, line) => {
      held(takeLine(host, line, null, output(1)), () => {
        const found = findLine(host, line, null);
        const info = found.chip.info(found.offset);
        found.chip.close();
        assert.deepEqual([info.isUsed, info.isOutput, info.consumer], [true, true, 'copycat-test']);
        assert.throws(
          () => takeLine(host, line, null, output(0)),
          (error: Error) => {
            assert.match(error.message, /in use: copycat-test holds it/);
            assert.ok(error.cause instanceof GpioError);
            assert.equal(error.cause.code, 'EBUSY');
            return true;
          },
        );
      });
      takeLine(host, line, null, output(0)).release();
    },
  },
  {
    name: 'an input can be taken with each resistor, and not be driven',
    run: (host, line) => {
      for (const pull of ['none', 'up', 'down'] as const) {
        held(takeLine(host, line, null, { direction: 'input', consumer: 'copycat-test', pull }), (taken) => {
          assert.ok([0, 1].includes(taken.get()));
          assert.throws(() => taken.set(1), GpioError);
        });
      }
    },
  },
];
