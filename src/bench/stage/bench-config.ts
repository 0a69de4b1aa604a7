import { stringify } from 'yaml';
import { HEATER } from '../../model-board/heater-reference.js';
import type { BenchKind } from './heater-image.js';
import type { SketchSubject } from './sketch-subject.js';
import type { StageSetup } from './stage-setup.js';

/** A deadline that the bench's links keep with room, and that a person does not notice. */
const DEADLINE = '50ms';
const CLIENTS = 'tcp://127.0.0.1:0';

/** The names by which people read the heater's payloads and results, and what is plausible of them (heater.h). */
const HEATER_FIELDS = {
  input: [
    { name: 'set point', type: 'i16', offset: 0, scale: 0.0625, unit: 'degC' },
    { name: 'measured', type: 'i16', offset: 2, scale: 0.0625, unit: 'degC' },
  ],
  result: [
    { name: 'duty', type: 'u8', offset: 0, unit: '/ 255' },
    { name: 'tripped', type: 'bool', offset: 1 },
    { name: 'integrator', type: 'i32', offset: 2, min: 0, max: HEATER.integratorMax },
    { name: 'set point', type: 'i16', part: 1, offset: 0, scale: 0.0625, unit: 'degC' },
  ],
};

const { counts, fullScaleC } = HEATER.source;

/** What the heater reads when it is not told: A0. */
const HEATER_SOURCES = [{ name: 'temperature', unit: 'degC', scale: fullScaleC / counts, tolerance: 2 }];

/** Clients first: the bench connects to the first address. */
function inputsOf(sketch: SketchSubject | undefined): string | readonly string[] {
  const ticksUs = sketch?.world.ticksUs ?? null;
  return ticksUs === null ? CLIENTS : [CLIENTS, `every ${ticksUs}us`];
}

/** The configuration file of one run: what a user would write for two boards on these ports. */
export function benchConfig(
  {
    name,
    needsBoth = false,
    kind = 'uno',
    sketch,
  }: {
    readonly name: string;
    readonly needsBoth?: boolean;
    readonly kind?: BenchKind;
    readonly sketch?: SketchSubject;
  },
  places: { readonly a: string; readonly b: string; readonly control: string },
  setup: StageSetup,
): string {
  return stringify({
    name,
    boards: { a: { kind, port: places.a }, b: { kind, port: places.b } },
    relay: { pin: 'GPIO17', 'at-rest': 'a', feedback: 'GPIO27', operate: '8ms', settle: '40ms', ...setup.relayConfig },
    input: inputsOf(sketch),
    deadline: DEADLINE,
    control: places.control,
    ledger: { path: 'ledger.sqlite', journal: 'journal' },
    ...(sketch === undefined ? { fields: HEATER_FIELDS, sources: HEATER_SOURCES } : sketch.config),
    ...(needsBoth ? { commit: { needs: 'both' } } : {}),
    ...setup.config,
  });
}
