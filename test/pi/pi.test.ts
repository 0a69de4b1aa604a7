import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gpioCases } from '../conformance/kit/gpio-cases.js';
import { bundleForGuest } from './kit/bundle-for-guest.js';
import { EmulatedPi } from './kit/emulated-pi.js';
import type { LineState } from './kit/gpio-registers.js';
import { type Answered, GuestPair, pairYaml } from './kit/guest-pair.js';
import { clearPi, type PiParts, preparePi, whatIsMissing } from './kit/prepare-pi.js';
import { Steps } from './kit/steps.js';

/**
 * The gateway as it is installed, on Debian's arm64 kernel and Node in an emulated Raspberry Pi 3, two boards behind
 * pseudo-terminals beside it. What the relay's line does is read from outside, in the registers of the GPIO block.
 */

const RELAY = 17;
/** Nothing is connected to it. */
const SPARE = 'GPIO27';
const input = (level: 0 | 1): LineState => ({ isOutput: false, level });
const output = (level: 0 | 1): LineState => ({ isOutput: true, level });

const missing = whatIsMissing();
const needs = missing === null ? '' : ` (${missing})`;
let parts: PiParts;

beforeAll(async () => {
  if (missing === null) parts = await preparePi();
});
afterAll(() => {
  if (missing === null) clearPi(parts);
});

/** Ids in the order of asking, each answered once, each counted once by the board that answered. */
function inOrder(answers: readonly Answered[], firstId: number, firstCount: number): void {
  expect(answers).toEqual(
    answers.map((_, index) => ({ id: firstId + index, count: firstCount + index, isRepeat: false })),
  );
}

function withSteps(): (title: string, run: () => Promise<void>) => void {
  const steps = new Steps();
  return (title, run) => it.sequential(title, steps.step(title, run));
}

describe.skipIf(missing !== null).concurrent(`an emulated Pi that releases a dead gateway's lines${needs}`, () => {
  const step = withSteps();
  let pi: EmulatedPi;
  let pair: GuestPair;
  beforeAll(async () => {
    pi = await EmulatedPi.boot({ parts, persistGpioOutputs: 0, card: { 'pair.yaml': pairYaml('release') } });
    pair = new GuestPair(pi.shell);
  });
  afterAll(async () => await pi?.end());

  step('R13: the relay’s line is nobody’s until the gateway has read its ledger, then an output at rest', async () => {
    expect(await pi.line(RELAY)).toEqual(input(0));
    await pair.startBoards();
    await pi.watch(RELAY);
    await pair.startGateway();
    await pair.whenProtected('a');
    expect(await pi.watched(RELAY)).toEqual([input(0), output(0)]);
  });

  step('R10: the primary hangs: one move of the line, and every input is answered, once and in order', async () => {
    await pair.connect();
    await pair.send(10);
    expect(await pair.answers(10)).toHaveLength(10);
    await pi.watch(RELAY);
    await pair.hang('a');
    await pair.send(10);
    const answers = await pair.answers(20);
    expect(answers).toHaveLength(20);
    inOrder(answers, 1, 1);
    expect(await pi.watched(RELAY)).toEqual([output(0), output(1)]);
    expect(await pi.line(RELAY)).toEqual(output(1));
    expect(await pair.log()).toMatch(/board b drives/);
  });

  step('kill -9: the kernel makes an input of the line, and the relay falls to rest', async () => {
    await pi.watch(RELAY);
    await pair.killGateway();
    const states = await pi.watched(RELAY);
    expect(states[0]).toEqual(output(1));
    expect(states.slice(1).map(({ isOutput }) => isOutput)).toEqual([false]);
    expect((await pi.line(RELAY)).isOutput).toBe(false);
  });

  step('R13, R27: started again, it asks for the line with the level of its lease, and goes on counting', async () => {
    await pi.watch(RELAY);
    await pair.startGateway();
    await pair.whenDriving('b');
    const states = await pi.watched(RELAY);
    expect(states.filter(({ isOutput }) => isOutput)).toEqual([output(1)]);
    await pair.connect();
    await pair.send(10);
    const answers = await pair.answers(10);
    expect(answers).toHaveLength(10);
    inOrder(answers, 21, 21);
  });

  step('R13: after a reset of the Pi the first level is that of the lease, which the SD card has kept', async () => {
    await pi.reset();
    await pi.watch(RELAY);
    await pi.whenBooted();
    await pair.startBoards();
    expect((await pi.line(RELAY)).isOutput).toBe(false);
    await pair.startGateway();
    await pair.whenDriving('b');
    const states = await pi.watched(RELAY);
    expect(states.filter(({ isOutput }) => isOutput)).toEqual([output(1)]);
    expect(await pi.line(RELAY)).toEqual(output(1));
  });

  step('R27: after it, inputs are answered again, and none under a number that was used', async () => {
    await pair.connect();
    await pair.send(10);
    const answers = await pair.answers(10);
    expect(answers).toHaveLength(10);
    // Both boards began anew with the Pi: their count may, too, but never goes back within a life.
    inOrder(answers, 31, answers[0]?.count ?? Number.NaN);
  });
});

describe.skipIf(missing !== null).concurrent(`an emulated Pi that keeps a dead gateway's lines${needs}`, () => {
  const step = withSteps();
  let pi: EmulatedPi;
  let pair: GuestPair;
  beforeAll(async () => {
    const cases = await bundleForGuest(resolve('test/pi/kit/gpio-cases-in-guest.ts'));
    const card = { 'pair.yaml': pairYaml('hold'), 'gpio-cases.mjs': cases };
    pi = await EmulatedPi.boot({ parts, persistGpioOutputs: 1, card });
    pair = new GuestPair(pi.shell);
  });
  afterAll(async () => await pi?.end());

  step('what is expected of a host’s GPIO is what the kernel’s driver does', async () => {
    // Beside the packages, for koffi.
    const said = await pi.shell.run(`cp gpio-cases.mjs /opt/copycat/ && node /opt/copycat/gpio-cases.mjs ${SPARE}`);
    expect(said.trim().split('\n')).toEqual(gpioCases.map(({ name }) => `ok ${name}`));
  });

  step('R10: the primary hangs with inputs in work: one move of the line, every input is answered once', async () => {
    await pair.startBoards();
    await pair.startGateway();
    await pair.whenProtected('a');
    await pair.connect();
    await pi.watch(RELAY);
    await pair.send(5);
    await pair.hang('a');
    await pair.send(5);
    const answers = await pair.answers(10);
    expect(answers).toHaveLength(10);
    inOrder(answers, 1, 1);
    expect(await pi.watched(RELAY)).toEqual([output(0), output(1)]);
  });

  step('R27: kill -9: the line stays driven, and the relay where it was', async () => {
    await pi.watch(RELAY);
    await pair.killGateway();
    expect(await pi.watched(RELAY)).toEqual([output(1)]);
    expect(await pi.line(RELAY)).toEqual(output(1));
  });

  step('R27: started again, it takes the line over without a move, and goes on counting', async () => {
    await pi.watch(RELAY);
    await pair.startGateway();
    await pair.whenDriving('b');
    expect(await pi.watched(RELAY)).toEqual([output(1)]);
    await pair.connect();
    await pair.send(5);
    const answers = await pair.answers(5);
    expect(answers).toHaveLength(5);
    inOrder(answers, 11, 11);
  });
});
