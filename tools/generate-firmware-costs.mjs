// Writes docs/firmware-costs.md: what the firmware takes of an ATmega328P. --check compares: sizes exactly, cycles within 5 %.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INSTALL_AVR_GCC, mustHaveCompiler } from './build-firmware.mjs';
import { measureCalls, measureSizes } from './firmware-costs/sizes.mjs';
import { setup as buildIfStale } from './fresh-build.mjs';
import { writeOrCheck } from './generated-files.mjs';
import { ROOT } from './run-program.mjs';

const PAGE = 'docs/firmware-costs.md';
const CYCLES_PER_US = 16;
/** Another register for a variable is no news; a loop that has become longer is. */
const DRIFT = 0.05;

/** The page as it should be, by its path. Needs avr-gcc; compiled parts of src are built if they are stale. */
export async function costsPage() {
  await buildIfStale();
  const { measureCycles } = await import('./firmware-costs/cycles.mjs');
  const folder = join(ROOT, 'firmware-harness/build/costs');
  const sizes = measureSizes(folder);
  const calls = measureCalls(folder);
  const { polls, interrupts } = measureCycles(folder);
  const committed = committedCycles();
  const steady = (cycles) =>
    Object.entries(cycles).map(([what, measured]) => [what, within(measured, committed.get(what))]);
  return { [PAGE]: pageOf({ sizes, calls }, steady(polls), steady(interrupts)) };
}

function within(measured, before) {
  return before !== undefined && Math.abs(measured - before) <= DRIFT * before ? before : measured;
}

/** By the first column of a row whose second is a number of cycles. */
function committedCycles() {
  const path = join(ROOT, PAGE);
  if (!existsSync(path)) return new Map();
  const rows = readFileSync(path, 'utf8').matchAll(/^\| ([^|]+) \| (\d[\d,]*) \| [\d.]+ \|$/gm);
  return new Map([...rows].map(([, what, cycles]) => [what, Number(cycles.replaceAll(',', ''))]));
}

function pageOf({ sizes, calls }, polls, interrupts) {
  const [everything] = sizes;
  return [
    '# What the firmware costs',
    '',
    'Written by `tools/generate-firmware-costs.mjs`; `npm test` measures again and fails where a size is another one, or a time by more than',
    '5 %. How a sketch leaves something out is in [firmware-harness/README.md](../firmware-harness/README.md#leaving-out-what-a-sketch-does-not-need).',
    '',
    '## Flash and RAM',
    '',
    'The least sketch (`firmware-harness/apps/least`: one byte of state, no pins) on the bare port of an ATmega328P, built by avr-gcc as the images',
    'are (`-Os -mcall-prologues -mrelax`). RAM is what stands before the stack, which takes up to 250 bytes.',
    '',
    '| | flash, bytes | RAM, bytes | saves of flash | of RAM | by |',
    '| --- | --- | --- | --- | --- | --- |',
    ...sizes.map((row) => sizeRow(row, everything)),
    '',
    '## What is called',
    '',
    'Of these a sketch has what it calls, and nothing of the others: the same sketch with one call more (`firmware-harness/apps/named`).',
    '',
    '| | flash, bytes | RAM, bytes |',
    '| --- | --- | --- |',
    ...calls.map(({ what, flashBytes, ramBytes }) => `| ${what} | ${flashBytes} | ${ramBytes} |`),
    '',
    '## Time',
    '',
    'Cycles of the emulated ATmega328P at 16 MHz, with the heater (8 bytes of state, two outputs, a converter channel). A frame is dealt with in',
    'one `cc_poll`, which returns before the next one is looked at; so this is also for how long `loop` waits for it. Without the interrupts in it.',
    '',
    '| the longest `cc_poll` for | cycles | µs |',
    '| --- | --- | --- |',
    ...polls.map(timeRow),
    '',
    '| the longest interrupt | cycles | µs |',
    '| --- | --- | --- |',
    ...interrupts.map(timeRow),
    '',
  ].join('\n');
}

function sizeRow({ what, defines, isWithout, flashBytes, ramBytes }, everything) {
  const saved = isWithout ? [everything.flashBytes - flashBytes, everything.ramBytes - ramBytes] : ['', ''];
  const by = defines.map((define) => `\`${define}\``).join(' ');
  return `| ${[what, flashBytes, ramBytes, ...saved, isWithout || defines.length === 1 ? by : ''].join(' | ')} |`;
}

function timeRow([what, cycles]) {
  const us = (cycles / CYCLES_PER_US).toFixed(cycles < 1_000 ? 1 : 0);
  return `| ${what} | ${cycles.toLocaleString('en')} | ${us} |`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  mustHaveCompiler('avr-gcc', INSTALL_AVR_GCC);
  writeOrCheck(await costsPage(), 'node tools/generate-firmware-costs.mjs');
}
