import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { addressIn, buildSketches, hasArduinoCore, putImageHash } from '../../../tools/arduino-build.mjs';
import { compiledHeater } from '../../posix-heater.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The heater as a process. */
    posixHeater: string;
    /** The heater on the Arduino core; null where that is not installed. */
    arduinoHeater: ArduinoHeater | null;
  }
}

export interface ArduinoHeater {
  /** Path of the image. */
  readonly hex: string;
  readonly stateAddress: number;
  /** Program address that is reached when a slice of the self-test comes to look at the registers. */
  readonly registersDiffer: number;
}

/** Compiles the heater for this machine and for an Uno with the Arduino core, once for all test files. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'copycat-conformance-'));
  const harness = join(import.meta.dirname, '../../../firmware-harness');
  project.provide('posixHeater', compiledHeater());
  project.provide('arduinoHeater', hasArduinoCore() ? arduinoHeater(harness, folder) : null);
  return () => rmSync(folder, { recursive: true, force: true });
}

function arduinoHeater(harness: string, folder: string): ArduinoHeater | null {
  const files = ['heater.c', 'heater-control.c'].map((name) => join(harness, 'apps/heater', name));
  const [built] = buildSketches({ board: 'uno', sketches: [{ name: 'heater', files }], folder });
  if (built === undefined) return null;
  putImageHash(built);
  const stateAddress = addressIn(built, 'heater_state') & 0xffff;
  return { hex: built.hex, stateAddress, registersDiffer: addressIn(built, 'port_registers_differ') };
}
