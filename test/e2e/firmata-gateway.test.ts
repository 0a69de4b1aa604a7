import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { loadConfig } from '#built/config/load/load-config.js';
import { type RunningGateway, runGateway } from '#built/gateway/run-gateway.js';
import { openLedgerReader } from '#built/ledger/reader/reader.js';
import { heaterHex } from '../../src/bench/stage/heater-image.js';
import { wireThermometer } from '../../src/bench/stage/thermometer.js';
import { type BenchWorld, createWorld } from '../../src/bench/world/world.js';
import { removePairFolder } from '../remove-pair-folder.js';
import { until as waitUntil } from '../until.js';
import { FirmataStage } from './firmata-stage.js';

/** Two boards of the bench with the gateway that `copycat run` runs, whose relay hangs on D7 of a board with StandardFirmata. */

const COIL = 7;
const FEEDBACK = 14;
const BUTTON = 4;
let folder: string;
let world: BenchWorld;
let stage: FirmataStage;
let gateway: RunningGateway | null = null;
let log: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-firmata-pair-'));
  log = '';
  stage = await FirmataStage.create();
  world = await createWorld({ folder, seed: 1, hex: heaterHex(), pins: { duty: 9, trip: 8 }, relay: { atRest: 'a' } });
  wireThermometer(world);
  stage.onChange = ({ pin, on }) => {
    if (pin === COIL) world.relay.setLine(on ? 1 : 0);
  };
  stage.board.setLevel(FEEDBACK, world.relay.feedback);
  world.relay.onFeedback = (_atUs, value) => stage.board.setLevel(FEEDBACK, value);
  world.fastForward(1_500_000);
  world.start();
});
afterEach(async () => {
  await gateway?.stop();
  gateway = null;
  world.stop();
  stage.stop();
  removePairFolder(folder);
});

async function start(): Promise<RunningGateway> {
  const file = join(folder, 'pair.yaml');
  const config = {
    boards: { a: { kind: 'uno', port: world.boards.a.portPath }, b: { kind: 'uno', port: world.boards.b.portPath } },
    relay: { pin: `D${COIL}`, 'at-rest': 'a', feedback: `D${FEEDBACK}`, settle: '1s' },
    firmata: { port: stage.port.portPath },
    input: ['every 100ms', `button D${BUTTON}`],
    // Four emulators share this machine with the gateway: nothing here is about speed.
    deadline: '2s',
    probe: '100ms',
    control: join(folder, 'copycat.sock'),
    ledger: { path: join(folder, 'ledger.sqlite'), journal: join(folder, 'journal') },
  };
  writeFileSync(file, stringify(config));
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      log += chunk.toString();
      done();
    },
  });
  const running = await runGateway(loadConfig(file), sink, new AbortController().signal);
  if (running === null) throw new Error('nothing has ended it');
  gateway = running;
  return running;
}

const until = (what: () => boolean | Promise<boolean>) => waitUntil(what, () => log);

const isProtected = async (): Promise<boolean> => (await gateway?.status())?.protected === true;

describe('a pair whose relay hangs on a Firmata board', () => {
  test('R13: the backup takes over through it, its move is proved through it, and it comes back as it was commanded', async () => {
    const running = await start();
    await until(isProtected);
    expect(stage.changesOf(COIL)).toEqual([]);
    expect(world.actuator.board).toBe('a');

    world.boards.a.board.halt();
    await until(() => world.actuator.board === 'b');
    await until(async () => (await running.status()).relay.proved);
    await until(async () => (await running.status()).phase === 'serving');
    expect(stage.changesOf(COIL)).toEqual([true]);
    expect(await running.status()).toMatchObject({ phase: 'serving', relay: { commanded: 'b', proved: true } });

    // The board of the relay loses its supply: the relay falls to rest, which nothing but its return can mend.
    stage.port.unplug({ losesPower: true });
    await until(() => world.actuator.board === 'a' && log.includes('not there: unplugged'));
    stage.port.plug({ losesPower: true });
    await until(() => world.actuator.board === 'b');
    await until(async () => (await running.status()).relay.proved);
    expect(await running.status()).toMatchObject({
      phase: 'serving',
      primary: 'b',
      relay: { commanded: 'b', proved: true },
    });
    expect(stage.changesOf(COIL)).toEqual([true, false, true]);
  });

  test('R13: a takeover while that board is gone stops the pair with an alarm: nobody could know where the relay is', async () => {
    const running = await start();
    await until(isProtected);
    stage.port.unplug();
    await until(() => log.includes('not there: unplugged'));
    expect(await running.status()).toMatchObject({ phase: 'serving', primary: 'a' });
    world.boards.a.board.halt();
    await until(async () => (await running.status()).phase === 'stopped');
    expect(stage.changesOf(COIL)).toEqual([]);
  });

  test('R1, R2: a button on that board is an input that both boards get', async () => {
    stage.board.setLevel(BUTTON, 0);
    await start();
    await until(isProtected);
    const reader = openLedgerReader(join(folder, 'ledger.sqlite'));
    try {
      stage.board.setLevel(BUTTON, 1);
      const pressed = () => reader.readInputs().filter(({ kind }) => kind === 'input');
      await until(() => pressed()[0]?.doneBy.length === 2);
      expect(pressed().map(({ payload }) => [...payload])).toEqual([[1, 1, 0, 0, 0]]);
      stage.board.setLevel(BUTTON, 0);
      await until(() => pressed()[1]?.doneBy.length === 2);
    } finally {
      reader.close();
    }
  });

  test('R27: the relay stays where it is while the gateway ends and another takes it over', async () => {
    await start();
    await until(isProtected);
    world.boards.a.board.halt();
    await until(() => world.actuator.board === 'b');
    await until(async () => (await gateway?.status())?.phase === 'serving');
    await gateway?.stop();
    expect(stage.changesOf(COIL)).toEqual([true]);
    const again = await start();
    await until(async () => (await again.status()).relay.proved);
    expect(await again.status()).toMatchObject({ primary: 'b' });
    expect(stage.changesOf(COIL)).toEqual([true]);
    expect(world.actuator.board).toBe('b');
  });
});
