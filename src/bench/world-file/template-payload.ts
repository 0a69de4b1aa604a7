import type { SeededRandom } from '../../random/seeded-random.js';
import type { NamedField } from '../../values/named-field.js';
import { RAW_BYTES, type RawType } from '../../values/raw-value.js';
import type { TemplateValue, WorldInputs } from './sketch-world.js';

/** The payloads of a run, one after the other; ids count from 1. `plant` says where the plant stands. */
export function payloadsOf(
  { payloads }: WorldInputs,
  random: SeededRandom,
  plant: () => number,
): (id: number) => Uint8Array {
  if (payloads.kind === 'recorded') {
    const recorded = payloads.payloads.map((hex) => Buffer.from(hex, 'hex'));
    return (id) => recorded[(id - 1) % Math.max(1, recorded.length)] ?? new Uint8Array(0);
  }
  const { values } = payloads;
  const fields = values.map(({ field }) => field);
  const held = values.map(({ from }) => from);
  return (id) => {
    for (const [index, value] of values.entries()) {
      if ((id - 1) % value.holdInputs === 0) held[index] = drawn(value, random);
    }
    return encodeFields(
      fields,
      values.map(({ followsPlant }, index) => (followsPlant ? plant() : (held[index] ?? 0))),
    );
  };
}

/** A payload with these values, in units. */
export function encodeFields(fields: readonly NamedField[], units: readonly number[]): Uint8Array {
  const bytes = fields.reduce((most, field) => Math.max(most, field.offset + RAW_BYTES[field.type]), 0);
  const payload = new Uint8Array(bytes);
  for (const [index, { type, offset, scale }] of fields.entries()) {
    writeRaw(payload, type, offset, (units[index] ?? 0) / scale);
  }
  return payload;
}

/** In steps of the field. */
function drawn({ from, to, field }: TemplateValue, random: SeededRandom): number {
  const steps = Math.floor((to - from) / Math.abs(field.scale));
  return from + Math.abs(field.scale) * random.nextBelow(Math.max(1, steps + 1));
}

const LIMITS: Readonly<Record<Exclude<RawType, 'f32'>, readonly [number, number]>> = {
  u8: [0, 0xff],
  i8: [-0x80, 0x7f],
  u16: [0, 0xffff],
  i16: [-0x8000, 0x7fff],
  u32: [0, 0xffff_ffff],
  i32: [-0x8000_0000, 0x7fff_ffff],
  bool: [0, 1],
};

/** What does not fit is the nearest that does. */
function writeRaw(bytes: Uint8Array, type: RawType, offset: number, raw: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === 'f32') {
    view.setFloat32(offset, raw, true);
    return;
  }
  const [least, most] = LIMITS[type];
  const whole = Math.min(most, Math.max(least, Math.round(raw)));
  if (RAW_BYTES[type] === 1) view.setUint8(offset, whole & 0xff);
  else if (RAW_BYTES[type] === 2) view.setUint16(offset, whole & 0xffff, true);
  else view.setUint32(offset, whole >>> 0, true);
}
