import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { readUserFile } from '../../config/load/read-user-file.js';
import { parseDuration } from '../../config/schema/duration.js';
import { CopycatError } from '../../errors/copycat-error.js';
import type { NamedField } from '../../values/named-field.js';
import { type BoardPins, defaultValue, EVERY_US } from './default-world.js';
import type { Drive } from './drive.js';
import { payloadsInCsv } from './payloads-in-csv.js';
import { columnOf, invalid, numberIn, readCsv } from './read-csv.js';
import type { PlantModel, SketchWorld, TemplateValue, WorldInputs } from './sketch-world.js';
import { type DriveFile, type WorldFile, worldSchema } from './world-schema.js';

/** What the file is called where nobody names it: in the folder of a sketch, or in the one that one is in. */
export const WORLD_FILE = 'world.yaml';

/** A hundred times the longest that anybody writes. */
const MOST_BYTES = 1_048_576;

export interface WorldPlace {
  readonly file: string;
  readonly pins: BoardPins;
  /** What the boards are called: `Arduino Uno`. */
  readonly boardName: string;
  /** What stands in payloads, by name. */
  readonly fields: readonly NamedField[];
}

/**
 * Reads a world file, and the CSV files that it names.
 * @throws CopycatError CONFIG_MISSING or CONFIG_INVALID, with what was expected: a pin that the board has not, a CSV file
 *   with holes, an unknown field
 */
export function loadWorld(place: WorldPlace): SketchWorld {
  const { file } = place;
  const said = readWorldFile(file);
  const { pins = {}, channels = {}, i2c = {} } = said;
  const world: SketchWorld = {
    outputs: said.outputs?.map((name) => pinNumber(name, `${file}: outputs`, place)) ?? null,
    pins: Object.entries(pins).map(([name, drive]) => ({
      pin: pinNumber(name, `${file}: pins`, place),
      drive: driveOf(drive, `${file}: pins.${name}`, place),
    })),
    channels: Object.entries(channels).map(([name, drive]) => ({
      channel: channelNumber(name, `${file}: channels`, place),
      drive: driveOf(drive, `${file}: channels.${name}`, place),
    })),
    i2c: Object.entries(i2c).map(([name, { lm75 }]) => ({
      address: addressOf(name, `${file}: i2c`),
      drive: driveOf(lm75, `${file}: i2c.${name}`, place),
    })),
    plant: said.plant === undefined ? null : plantOf(said.plant, place),
    inputs: inputsOf(said.inputs ?? {}, place),
    ticksUs: said.ticks ?? null,
  };
  refuseHalfWorld(world, file);
  return world;
}

function readWorldFile(file: string): WorldFile {
  const text = readUserFile(file, {
    ...{ shown: file, what: 'the world file', code: 'CONFIG_MISSING', mostBytes: MOST_BYTES },
    origin: 'copycat bench --init-world writes one',
  });
  let said: unknown;
  try {
    said = parse(text) ?? {};
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new CopycatError('CONFIG_INVALID', `${file}: ${why}`, { expected: 'valid YAML' });
  }
  const parsed = worldSchema.safeParse(said);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    throw new CopycatError('CONFIG_INVALID', `${file}: unknown key ${[...issue.path, issue.keys[0]].join('.')}`, {
      expected: 'a key that copycat bench --init-world writes',
    });
  }
  const path = issue?.path ?? [];
  throw invalid(`${file}: ${path.join('.') || 'the file'}`, issue?.message ?? '', JSON.stringify(valueAt(said, path)));
}

function valueAt(said: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (Object(at) as Record<PropertyKey, unknown>)[key], said);
}

/** What one key says makes no sense without another. */
function refuseHalfWorld(world: SketchWorld, file: string): void {
  const drives = [...world.pins, ...world.channels, ...world.i2c].map(({ drive }) => drive.kind);
  const { payloads } = world.inputs;
  const follows = payloads.kind === 'template' && payloads.values.some(({ followsPlant }) => followsPlant);
  if (world.plant === null && (drives.includes('plant') || follows)) {
    throw new CopycatError('CONFIG_INVALID', `${file}: something follows the plant, and there is none`, {
      expected: 'plant: { follows: D9, starts: 20, rests: 20, rises: 200, time-constant: 4s }',
    });
  }
  const isEmpty = payloads.kind === 'template' && payloads.values.length === 0;
  if (world.ticksUs !== null && isEmpty) {
    throw new CopycatError('CONFIG_INVALID', `${file}: ticks beside inputs without a payload cannot be told apart`, {
      expected: 'ticks or inputs: for a sketch that lives on ticks alone, inputs: { every: 100ms }',
    });
  }
}

function pinNumber(name: string, where: string, { pins, boardName }: WorldPlace): number {
  const number = Number(name.slice(1));
  const isAnalog = name.startsWith('A');
  const first = Math.min(...pins.digital);
  const last = Math.max(...pins.digital);
  if (isAnalog && number < pins.analogChannels) return pins.firstAnalogPin + number;
  if (!isAnalog && pins.digital.includes(number)) return number;
  const expected = `D${first} to D${last} or A0 to A${pins.analogChannels - 1} of an ${boardName}`;
  throw invalid(where, expected, `${name}, which it has not or which is the serial port's`);
}

function channelNumber(name: string, where: string, { pins, boardName }: WorldPlace): number {
  const number = Number(name.slice(1));
  if (number < pins.analogChannels) return number;
  throw invalid(where, `A0 to A${pins.analogChannels - 1} of an ${boardName}`, name);
}

/** The first eight and the last eight of the 128 have a meaning of their own. */
function addressOf(name: string, where: string): number {
  const address = Number(name);
  if (address >= 0x08 && address <= 0x77) return address;
  throw invalid(where, '0x08 to 0x77: seven bits, as Wire.beginTransmission() takes it', name);
}

const levelOf = (said: 'high' | 'low' | number): number => (said === 'high' ? 1 : said === 'low' ? 0 : said);
const timeOf = (said: string): number => parseDuration(said) ?? 0;

function driveOf(said: DriveFile, where: string, place: WorldPlace): Drive {
  if ('constant' in said) return { kind: 'constant', value: levelOf(said.constant) };
  if ('plant' in said) return { kind: 'plant', perUnit: said.plant, offset: said.offset ?? 0 };
  if ('triangle' in said) {
    const [from, to] = said.triangle;
    return { kind: 'triangle', from, to, periodUs: said.every };
  }
  if ('button' in said) {
    const fromUs = said.from === undefined ? 0 : timeOf(said.from);
    return { kind: 'button', everyUs: said.every, forUs: said.for, pressed: said.button === 'high' ? 1 : 0, fromUs };
  }
  const steps =
    'steps' in said
      ? said.steps.map(([at, level]) => ({ atUs: timeOf(at), value: levelOf(level) }))
      : recordedSteps(said.csv, said.column, place);
  const late = steps.findIndex(({ atUs }, index) => index > 0 && atUs <= (steps[index - 1]?.atUs ?? 0));
  if (late >= 0) throw invalid(where, 'times that grow', `${(steps[late]?.atUs ?? 0) / 1e6} s after a later one`);
  return { kind: 'steps', steps };
}

/** `time` is in seconds. */
function recordedSteps(csv: string, column: string, { file }: WorldPlace): { atUs: number; value: number }[] {
  const table = readCsv(resolve(dirname(file), csv), csv);
  const times = columnOf(table, 'time', csv).map((cell) => numberIn(cell, csv));
  const values = columnOf(table, column, csv).map((cell) => numberIn(cell, csv));
  return values.map((value, index) => ({ atUs: Math.round((times[index] ?? 0) * 1e6), value }));
}

function plantOf(said: NonNullable<WorldFile['plant']>, place: WorldPlace): PlantModel {
  return {
    follows: pinNumber(said.follows, `${place.file}: plant.follows`, place),
    ...{ starts: said.starts, rests: said.rests, rises: said.rises, timeConstantS: said['time-constant'] / 1e6 },
  };
}

function inputsOf(said: NonNullable<WorldFile['inputs']>, place: WorldPlace): WorldInputs {
  const { file, fields } = place;
  const everyUs = said.every ?? EVERY_US;
  if (said.csv !== undefined) {
    const payloads = payloadsInCsv(resolve(dirname(file), said.csv), said.csv, fields);
    return { everyUs, payloads: { kind: 'recorded', payloads } };
  }
  const named = said.payload ?? {};
  const unknown = Object.keys(named).find((name) => fields.every((field) => field.name !== name));
  if (unknown !== undefined) {
    const known = fields.map(({ name }) => name).join(', ');
    throw invalid(
      `${file}: inputs.payload`,
      `a field of fields.input in the configuration (${known || 'it names none'})`,
      unknown,
    );
  }
  const values = fields.map((field): TemplateValue => {
    const value = named[field.name];
    const usual = defaultValue(field);
    if (value === undefined) return usual;
    if (value === 'plant') return { ...usual, followsPlant: true };
    if (typeof value === 'number') return { ...usual, from: value, to: value };
    return { ...usual, from: value.from, to: value.to, holdInputs: value.hold ?? usual.holdInputs };
  });
  return { everyUs, payloads: { kind: 'template', values } };
}
