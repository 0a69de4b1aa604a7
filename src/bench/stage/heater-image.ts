import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { McuFacts } from '../../config/board-facts.js';
import { emulatedKinds, factsOfKind } from '../../config/load/board-files.js';
import { CopycatError, internalError } from '../../errors/copycat-error.js';

const IMAGES = new URL('../../../firmware-harness/images/', import.meta.url);

/**
 * The heater with a window of 2, or of 4: the same program but for the results it keeps. `heater-2-same`: another version
 * that does the same; `heater-2-less`: one that gives a duty of 200 where the heater gives full power.
 */
export type HeaterImage = 'heater' | 'heater-window-4' | 'heater-2-same' | 'heater-2-less';

/** The boards that scenarios are played with: of each processor that is emulated the likeliest kind. */
export const BENCH_KINDS: readonly string[] = emulatedKinds().filter(
  (kind, index, all) => all.findIndex((other) => mcuOfKind(other).name === mcuOfKind(kind).name) === index,
);
/** One of BENCH_KINDS. */
export type BenchKind = string;

/** Its processor. */
export function mcuOfKind(kind: BenchKind): McuFacts {
  const { mcu } = factsOfKind(kind);
  if (mcu === undefined) throw internalError('a kind that is emulated names no processor', kind);
  return mcu;
}

/** Where a committed image is, to be flashed from there. */
export function heaterFile(image: HeaterImage, kind: BenchKind = 'uno'): string {
  return fileURLToPath(new URL(fileName(image, kind, 'hex'), IMAGES));
}

/** A committed image, as a board would be flashed with it. */
export function heaterHex(image: HeaterImage = 'heater', kind: BenchKind = 'uno'): string {
  return read(fileName(image, kind, 'hex'));
}

/** False for images that were built for the Uno alone. */
export function hasHeater(image: HeaterImage, kind: BenchKind): boolean {
  return existsSync(new URL(fileName(image, kind, 'hex'), IMAGES));
}

function fileName(image: HeaterImage, kind: BenchKind, ending: string): string {
  return `${image}.${mcuOfKind(kind).name}.${ending}`;
}

/** Where the bench looks into a running heater: byte addresses from the linker. */
export interface HeaterSymbols {
  readonly stateAddress: number;
  readonly stateBytes: number;
  readonly integratorAddress: number;
  /** Program address of onInput: the state has been checked, and nothing is computed yet. */
  readonly onInput: number;
  /** Program address that is reached when onInput has returned and the digest is not yet taken. */
  readonly inputReturned: number;
  /** Program address that is reached when a slice of the self-test comes to look at the registers. */
  readonly registersDiffer: number;
  /** First byte of RAM behind what the program uses; the stack grows down towards it. */
  readonly stackBottom: number;
}

export function heaterSymbols(image: HeaterImage = 'heater', kind: BenchKind = 'uno'): HeaterSymbols {
  const { symbols } = JSON.parse(read(fileName(image, kind, 'symbols.json'))) as {
    symbols: Record<
      'state' | 'integrator' | 'onInput' | 'inputReturned' | 'registersDiffer' | 'stackBottom',
      { address: number; bytes: number }
    >;
  };
  return {
    stateAddress: symbols.state.address,
    stateBytes: symbols.state.bytes,
    integratorAddress: symbols.integrator.address,
    onInput: symbols.onInput.address,
    inputReturned: symbols.inputReturned.address,
    registersDiffer: symbols.registersDiffer.address,
    stackBottom: symbols.stackBottom.address,
  };
}

function read(name: string): string {
  try {
    return readFileSync(new URL(name, IMAGES), 'utf8');
  } catch (cause) {
    throw new CopycatError('EMULATOR_FAILED', `the image ${name} is missing`, {
      expected: `it in ${IMAGES.pathname}`,
      cause,
    });
  }
}
