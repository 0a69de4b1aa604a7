import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { WallClock } from '../../src/clock/clock.js';
import { parseConfig } from '../../src/config/load/load-config.js';
import { CopycatError } from '../../src/errors/copycat-error.js';
import { commission } from '../../src/gateway/commission/commission.js';
import { type CommissionReport, toMend } from '../../src/gateway/commission/commission-report.js';
import { createGpioProvider } from '../../src/hardware/gpio/gpio-provider.js';
import { createLines } from '../../src/hardware/lines/lines.js';
import { FakeGpio } from './fake-gpio.js';

const config = parseConfig(
  `boards:
  a: { kind: uno, port: usb-1.2 }
  b: { kind: uno, port: usb-1.3 }
relay: { pin: GPIO77, at-rest: a }
input: every 50ms
deadline: 50ms
`,
  'copycat.yaml',
  '/srv',
);

const board = { board: 'a', answers: 'no', hello: null, roundTrips: null, trouble: null } as const;
const found: Omit<CommissionReport, 'toMend'> = {
  ...{ at: '2026-11-23T20:00:00.000Z', boards: [board], relay: [], resets: [], notTried: [], swap: null },
  deadline: { configuredMs: 50, proposedMs: 50, floorMs: 22 },
};

describe('commissioning', () => {
  it('touches no board where the lines of the relay are not there', async () => {
    const clock = new WallClock();
    const opened: string[] = [];
    const lines = createLines([
      createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(new FakeGpio()) }),
    ]);
    const refuse = () => Promise.reject(new CopycatError('INTERNAL', 'not here'));
    const trial = commission(
      config,
      {
        ...{ clock, lines, log: pino({ level: 'silent' }), flash: refuse, openThirdCopy: refuse },
        openSession: ({ board }) => {
          opened.push(board);
          return refuse();
        },
        end: () => undefined,
      },
      { roundTrips: 10, moves: 1, tell: () => undefined },
    );
    await expect(trial).rejects.toMatchObject({ code: 'RELAY_UNAVAILABLE' });
    expect(opened).toEqual([]);
    lines.close();
  });

  it('says of a board that does not answer what its port says, with what to do', () => {
    const trouble = { name: 'not-there', text: 'nothing is plugged in at usb-1.2', remedy: 'plug the board in there' };
    expect(toMend({ ...found, boards: [{ ...board, trouble }] })).toEqual([
      'Board a does not answer: nothing is plugged in at usb-1.2; plug the board in there.',
    ]);
    expect(toMend(found)).toEqual([expect.stringContaining('whether it runs a program of ours')]);
  });
});
