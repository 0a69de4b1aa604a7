import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { GatewayChild } from '#built/bench/stage/gateway-child.js';
import { createWorld } from '#built/bench/world/world.js';
import { EmulatedBoard } from '#built/emulator/emulated-board.js';
import { tellFault } from '#built/faults/story.js';
import { openLedgerReader } from '#built/ledger/reader/reader.js';
import { addressIn, buildSketches, hasArduinoCore } from '../../tools/arduino-build.mjs';

/** A sketch that names its state (CC_STATE), as the Arduino IDE builds it; the gateway is told no names but by the image. */

const TICK_US = 100_000;
const MOST_WAITING_US = 20_000_000;
const folder = mkdtempSync(join(tmpdir(), 'copycat-named-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!hasArduinoCore())('a state with names', () => {
  it('R29: the story of a flipped bit, and what was answered, speak in the names of the sketch', async () => {
    const files = [new URL('fixtures/Tank.ino', import.meta.url).pathname];
    const [built] = buildSketches({ board: 'uno', sketches: [{ name: 'Tank', files }], folder });
    if (built === undefined) throw new Error('nothing was built');
    const hex = readFileSync(built.hex, 'utf8');
    const world = await createWorld({
      ...{ folder, seed: 1, hex, pace: 'virtual' },
      pins: { duty: 8, trip: 12 },
      plant: { startC: 55, timeConstantS: 4, fullPowerRiseC: 90 },
    });
    world.fastForward(1_500_000);
    const boards = (['a', 'b'] as const).map((name) => world.boards[name].board);
    for (const board of boards) if (board instanceof EmulatedBoard) board.setVolts(0, 1);
    world.start();
    const ledger = join(folder, 'copycat.db');
    const said = (name: 'a' | 'b') => ({ kind: 'uno', port: world.boards[name].portPath, firmware: built.hex });
    const configFile = join(folder, 'copycat.yaml');
    const relay = { pin: 'GPIO17', 'at-rest': 'a', feedback: 'GPIO27', operate: '8ms', settle: '40ms' };
    writeFileSync(
      configFile,
      stringify({
        ...{ boards: { a: said('a'), b: said('b') }, relay },
        ...{ input: 'every 100ms', deadline: '50ms', ledger: { path: ledger } },
      }),
    );
    const logFile = join(folder, 'gateway.log');
    const gateway = await GatewayChild.start(world, { configFile, logFile, servesStatus: true });
    const passUntil = async (isSo: () => Promise<boolean>): Promise<void> => {
      const untilUs = world.nowUs() + MOST_WAITING_US;
      while (!(await isSo())) {
        if (world.nowUs() > untilUs) throw new Error(readFileSync(logFile, 'utf8'));
        await world.pass(TICK_US);
      }
    };
    try {
      await passUntil(async () => (await gateway.status()).protected);
      await world.pass(5 * TICK_US + TICK_US / 2);
      const [a] = boards;
      if (!(a instanceof EmulatedBoard)) throw new Error('board a is no emulated one');
      // The second byte of `level`, little-endian: its bit 9.
      a.pokeRam((addressIn(built, 'level') & 0xffff) + 1, 0x02);
      await passUntil(async () => (await gateway.status()).primary === 'b');
      await world.pass(TICK_US);
    } finally {
      await gateway.close();
      world.stop();
    }
    const reader = openLedgerReader(ledger);
    try {
      const fields = reader.fields() ?? { input: [], result: [] };
      const [fault] = reader.listFaults().filter(({ code }) => code === 'failed');
      if (fault === undefined) throw new Error('no fault');
      const story = tellFault(fault, fields).join('\n').replace(/\s+/g, ' ');
      expect(story).toContain('and only there: bit 9 of level.');
      expect(story).toMatch(/level -?\d+, isPumping (yes|no), report \d+/);
    } finally {
      reader.close();
    }
  });
});
