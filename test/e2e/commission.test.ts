import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { WallClock } from '#built/clock/clock.js';
import { parseConfig } from '#built/config/load/load-config.js';
import { CopycatError } from '#built/errors/copycat-error.js';
import { commission } from '#built/gateway/commission/commission.js';
import { openSerialPort } from '#built/gateway/ports/open-serial-port.js';
import { createGpioProvider } from '#built/hardware/gpio/gpio-provider.js';
import { createLines } from '#built/hardware/lines/lines.js';
import { openLedger } from '#built/ledger/files/open-ledger.js';
import { FakeGpio } from '../unit/fake-gpio.js';
import { changeover } from '../unit/relay-contacts.js';
import { type PosixBoard, PosixHeater } from './posix-pair.js';

const heaters: PosixHeater[] = [];
afterEach(async () => {
  for (const heater of heaters.splice(0)) await heater.dispose();
});

interface Stage {
  readonly heater: PosixHeater;
  readonly a: PosixBoard;
  readonly b: PosixBoard;
  readonly gpio: FakeGpio;
  readonly contact: ReturnType<typeof changeover>;
}

/** Two boards, a relay with feedback on lines of a made-up chip, RESET lines that reach the boards. */
async function stage(units: readonly [number, number] = [0x111, 0x222]): Promise<Stage> {
  const heater = new PosixHeater();
  heaters.push(heater);
  const a = await heater.start(units[0]);
  const b = await heater.start(units[1]);
  const gpio = new FakeGpio();
  const contact = changeover(gpio, new WallClock(), 'GPIO17', 'GPIO27');
  const moved = gpio.onLevel;
  gpio.onLevel = (line, level) => {
    moved(line, level);
    if (line === 'GPIO23') a.holdReset(level === 1);
    if (line === 'GPIO24') b.holdReset(level === 1);
  };
  return { heater, a, b, gpio, contact };
}

async function commissioned({ heater, a, b, gpio }: Stage, resets = ['GPIO23', 'GPIO24']) {
  const config = parseConfig(
    `boards:
  a: { kind: posix, port: ${a.port}, reset: ${resets[0]} }
  b: { kind: posix, port: ${b.port}, reset: ${resets[1]} }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
input: every 50ms
deadline: 200ms
ledger: { path: ledger.sqlite, journal: journal }
`,
    'copycat.yaml',
    heater.folder,
  );
  const clock = new WallClock();
  const lines = createLines([createGpioProvider({ clock, chip: null, openHost: () => Promise.resolve(gpio) })]);
  const report = await commission(
    config,
    {
      ...{ clock, lines, log: pino({ level: 'silent' }), openSession: openSerialPort },
      flash: () => Promise.reject(new CopycatError('FLASH_FAILED', 'nothing is flashed here')),
      openThirdCopy: () => Promise.reject(new CopycatError('INTERNAL', 'there is no third copy here')),
      end: () => {
        throw new Error('the gateway ended by itself');
      },
    },
    { roundTrips: 20, moves: 2, tell: () => undefined },
  );
  const boards = ['a', 'b'] as const;
  const ledger = await openLedger({ ...config.ledger, boards, firstOwner: 'a', fields: null }, clock);
  const { facts, owner } = await ledger.restore();
  await ledger.close();
  return { report, facts, owner, folder: join(heater.folder) };
}

describe('commissioning a pair', () => {
  it('R13, R26: tries boards, RESET lines, relay and feedback, changes the primary to and fro, and keeps what it found', async () => {
    const on = await stage();
    const { report, facts, owner } = await commissioned(on);
    expect(report.toMend).toEqual([]);
    expect(
      report.boards.map(({ board, hello, roundTrips }) => [board, hello?.unit, roundTrips?.count, roundTrips?.lost]),
    ).toEqual([
      ['a', 0x111, 20, 0],
      ['b', 0x222, 20, 0],
    ]);
    expect(report.relay.map(({ to, outcome }) => [to, outcome])).toEqual([
      ['b', 'proved'],
      ['a', 'proved'],
      ['b', 'proved'],
      ['a', 'proved'],
    ]);
    expect(report.resets).toEqual([
      { board: 'a', fellSilent: true, restarted: true },
      { board: 'b', fellSilent: true, restarted: true },
    ]);
    expect(report.swap?.done).toBe(true);
    // Two of the relay's trial, one of the planned switchovers; in the end it stands where it began.
    expect(on.contact.history.filter((at) => at === 'b')).toHaveLength(3);
    expect([on.contact.connected(), owner]).toEqual(['a', 'a']);
    const worstUs = Math.max(...report.boards.map(({ roundTrips }) => roundTrips?.worstUs ?? 0));
    expect(report.deadline.proposedMs * 1000).toBeGreaterThanOrEqual(3 * worstUs);
    expect(report.deadline.proposedMs).toBeGreaterThanOrEqual(report.deadline.floorMs);
    expect(JSON.parse(facts['commission'] ?? '')).toMatchObject({ toMend: [], deadline: report.deadline });
    expect(facts).toMatchObject({ 'unit.a': String(0x111), 'unit.b': String(0x222) });
  });

  it('R13: finds RESET lines that reach the other board, a relay that does not follow, and then swaps nothing', async () => {
    const on = await stage();
    on.contact.stick();
    const { report } = await commissioned(on, ['GPIO24', 'GPIO23']);
    expect(report.resets.map(({ fellSilent }) => fellSilent)).toEqual([false, false]);
    expect(report.relay.map(({ outcome }) => outcome)).toContain('stuck');
    expect(report.swap).toBeNull();
    expect(report.toMend).toHaveLength(3);
  });

  it('R25: finds a board that does not answer, and two with one identity', async () => {
    const on = await stage([0x333, 0x333]);
    const { report } = await commissioned(on);
    expect(report.toMend).toEqual([expect.stringContaining('one identity number')]);
    const deaf = await stage();
    deaf.b.process.kill('SIGSTOP');
    const { report: silent } = await commissioned(deaf, ['GPIO5', 'GPIO6']);
    expect(silent.boards[1]).toEqual({ board: 'b', answers: 'no', hello: null, roundTrips: null, trouble: null });
    expect(silent.toMend[0]).toContain('Board b does not answer');
  });
});
