import { readFileSync } from 'node:fs';
import { CopycatError } from '../../errors/copycat-error.js';

const IMAGES = new URL('../../../firmware-harness/images/', import.meta.url);

/** The committed image, as a board would be flashed with it. */
export function heaterHex(): string {
  return read('heater.atmega328p.hex');
}

/** Where the bench looks into a running heater: byte addresses from the linker. */
export interface HeaterSymbols {
  readonly stateAddress: number;
  readonly stateBytes: number;
  readonly integratorAddress: number;
  /** Program address that is reached when onInput has returned and the digest is not yet taken. */
  readonly inputReturned: number;
}

export function heaterSymbols(): HeaterSymbols {
  const { symbols } = JSON.parse(read('heater.atmega328p.symbols.json')) as {
    symbols: Record<'state' | 'integrator' | 'inputReturned', { address: number; bytes: number }>;
  };
  return {
    stateAddress: symbols.state.address,
    stateBytes: symbols.state.bytes,
    integratorAddress: symbols.integrator.address,
    inputReturned: symbols.inputReturned.address,
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
