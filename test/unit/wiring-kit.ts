import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../src/config/config.js';
import { loadConfig, parseConfig } from '../../src/config/load/load-config.js';
import type { Netlist, Part } from '../../src/wiring/netlist/netlist.js';

const SAMPLES = join(dirname(fileURLToPath(import.meta.url)), '../../docs/samples');

/** The configurations that docs/wiring.md shows, by name. */
export const SAMPLE_NAMES: readonly string[] = readdirSync(SAMPLES)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace('.yaml', ''));

export function sample(name: string): Config {
  return loadConfig(join(SAMPLES, `${name}.yaml`));
}

/** A sound pair of Unos with other lines of YAML in place of some. */
export function configOf(changes: Readonly<Record<string, string>> = {}): Config {
  const lines: Record<string, string> = {
    boards: '{ a: { kind: uno, port: usb-1.2 }, b: { kind: uno, port: usb-1.3 } }',
    relay: '{ pin: GPIO17, at-rest: a, feedback: GPIO27 }',
    input: 'every 100ms',
    deadline: '50ms',
    wiring: '{ supply: separate }',
    ...changes,
  };
  const text = Object.entries(lines).map(([key, value]) => `${key}: ${value}\n`);
  return parseConfig(text.join(''), 'oven.yaml', '/srv/oven');
}

export function partOf(netlist: Netlist, id: string): Part | undefined {
  return netlist.parts.find((part) => part.id === id);
}

/** `board-a.d9>relay-1.nc` for every wire. */
export function connections(netlist: Netlist): readonly string[] {
  return netlist.wires.map(({ from, to }) => `${from.part}.${from.terminal}>${to.part}.${to.terminal}`);
}
