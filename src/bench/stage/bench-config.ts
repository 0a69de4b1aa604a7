import { stringify } from 'yaml';
import type { StageSetup } from './stage-setup.js';

/** A deadline that the bench's links keep with room, and that a person does not notice. */
const DEADLINE = '50ms';

/** The names by which people read the heater's payloads and results. */
const HEATER_FIELDS = {
  input: [
    { name: 'set point', type: 'i16', offset: 0, scale: 0.0625, unit: 'degC' },
    { name: 'measured', type: 'i16', offset: 2, scale: 0.0625, unit: 'degC' },
  ],
  result: [
    { name: 'duty', type: 'u8', offset: 0, unit: '/ 255' },
    { name: 'tripped', type: 'u8', offset: 1 },
    { name: 'integrator', type: 'i32', offset: 2 },
  ],
};

/** The configuration file of one run: what a user would write for two boards on these ports. */
export function benchConfig(
  name: string,
  places: { readonly a: string; readonly b: string; readonly control: string },
  setup: StageSetup,
): string {
  return stringify({
    name,
    boards: { a: { kind: 'uno', port: places.a }, b: { kind: 'uno', port: places.b } },
    relay: { pin: 'GPIO17', 'at-rest': 'a', feedback: 'GPIO27', operate: '8ms', settle: '40ms', ...setup.relayConfig },
    input: 'tcp://127.0.0.1:0',
    deadline: DEADLINE,
    control: places.control,
    ledger: { path: 'ledger.sqlite', journal: 'journal' },
    fields: HEATER_FIELDS,
    ...setup.config,
  });
}
