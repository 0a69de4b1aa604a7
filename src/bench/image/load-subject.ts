import { basename, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { emulatedMcu } from '../../config/board-facts.js';
import type { BoardConfig, Config, NamedValues } from '../../config/config.js';
import { emulatedKinds, factsOfKind } from '../../config/load/board-files.js';
import { loadConfig } from '../../config/load/load-config.js';
import { namesOfProgram } from '../../config/load/names-of-image.js';
import { readConfigFile } from '../../config/load/read-config-file.js';
import { imagePath, suppliedImage } from '../../config/load/supplied-images.js';
import { CopycatError } from '../../errors/copycat-error.js';
import type { Field, SourceMap } from '../../pair/result/fields.js';
import { SeededRandom } from '../../random/seeded-random.js';
import type { ActuatorPins } from '../plant/actuator.js';
import { BENCH_KINDS, type BenchKind, mcuOfKind } from '../stage/heater-image.js';
import type { SketchSubject } from '../stage/sketch-subject.js';
import { type BoardPins, defaultWorld } from '../world-file/default-world.js';
import { loadWorld } from '../world-file/load-world.js';
import type { SketchWorld } from '../world-file/sketch-world.js';
import { payloadsOf } from '../world-file/template-payload.js';
import { worldText } from '../world-file/world-text.js';
import { meetImage } from './meet-image.js';
import { readImage } from './read-image.js';

export interface SubjectChoice {
  /** An Intel HEX file; null: the one of the configuration. */
  readonly firmware: string | null;
  /** A pair's configuration; null: nothing is named, and everything is as usual. */
  readonly configFile: string | null;
  /** What the boards are; null: what the configuration says, or Unos. */
  readonly kind: BenchKind | null;
  /** A world file; null: a world in which everything moves that the image may read. */
  readonly worldFile: string | null;
}

/** What a configuration says of how a pair works, whatever its ports, relay and ledger are. */
const KEYS = [
  ...['fields', 'sources', 'commit', 'on-mismatch', 'self-tests', 'deadline', 'probe', 'max-pending', 'max-lag'],
  ...['max-window', 'catch-up', 'join', 'flapping', 'drift-readings', 'switchover'],
];
const DEADLINE_US = 50_000;
/** The oven, as a world: what surrounds the image that comes along where nobody says otherwise. */
const HEATER_WORLD = fileURLToPath(new URL('../../../firmware-harness/images/heater.world.yaml', import.meta.url));
/** Pins 0 and 1 are the serial port's. */
const SERIAL_PINS = 2;

/**
 * The program that is to be played with, and the world around it. It has run alone for a moment by then.
 * @throws CopycatError USAGE, CONFIG_MISSING or CONFIG_INVALID: what is wrong with image, configuration or sketch, by name
 */
export function loadSubject(choice: SubjectChoice): SketchSubject {
  const config = choice.configFile === null ? null : loadConfig(choice.configFile);
  const kind = choice.kind ?? kindOf(config);
  const file = imageOf(choice, config, kind);
  const shown = choice.firmware ?? relative(process.cwd(), file);
  const hex = readImage(file, kind, shown);
  const supplied = suppliedImage(file);
  const names: NamedValues = supplied?.fields ?? { ...NO_NAMES, ...namesOfProgram(Buffer.from(hex, 'latin1')) };
  const fields = namedFields(config, names);
  const worldFile = choice.worldFile ?? (supplied === null ? null : HEATER_WORLD);
  const world = worldOf(worldFile, kind, fields);
  const firstPayload = payloadsOf(world.inputs, new SeededRandom(1), () => world.plant?.starts ?? 0)(1);
  const { outputs } = meetImage(
    { file: shown, hex, kind, baudRate: config?.boards[0]?.line.baudRate },
    firstPayload,
    config?.deadlineUs ?? DEADLINE_US,
  );
  return {
    name: basename(file),
    ...{ hex, kind, world, mcu: mcuOfKind(kind).name },
    worldFile: worldFile === HEATER_WORLD ? basename(worldFile) : worldFile,
    config: withNames(names, supplied?.sources ?? [], choice.configFile === null ? {} : keysOf(choice.configFile)),
    inputFields: fields.input,
    resultFields: fields.result,
    sources: config?.sources ?? supplied?.sources ?? [],
    outputs: config?.outputs ?? supplied?.outputs ?? [],
    pins: pinsOf(shown, world.outputs ?? outputs),
  };
}

function worldOf(file: string | null, kind: BenchKind, { input: fields }: NamedValues): SketchWorld {
  const pins = boardPins(kind);
  if (file === null) return defaultWorld(pins, fields);
  return loadWorld({ file, pins, fields, boardName: factsOfKind(kind).name });
}

/** The text of a world file to begin with. Throws as `loadSubject` does for a configuration. */
export function firstWorld({ configFile, kind, firmware }: Omit<SubjectChoice, 'worldFile'>): string {
  const config = configFile === null ? null : loadConfig(configFile);
  const chosen = kind ?? kindOf(config);
  const supplied = firmware === null ? null : suppliedImage(imagePath(firmware, process.cwd(), factsOfKind(chosen)));
  return worldText(boardPins(chosen), namedFields(config, supplied?.fields ?? NO_NAMES).input);
}

/** The pins that a world can be wired to. */
function boardPins(kind: BenchKind): BoardPins {
  const { digital = [], analog = [] } = factsOfKind(kind).pins ?? {};
  const usable = digital.filter((pin) => pin >= SERIAL_PINS && !analog.includes(pin));
  return { digital: usable, analogChannels: analog.length, firstAnalogPin: analog[0] ?? 0 };
}

/** What the boards of a pair are on the bench. Throws USAGE where they are of no kind that is emulated, or of two. */
export function kindOf(config: Config | null): BenchKind {
  if (config === null) return 'uno';
  const kinds = config.boards.map(({ facts }) => BENCH_KINDS.find((one) => mcuOfKind(one).name === emulatedMcu(facts)));
  const [kind] = kinds;
  if (kind !== undefined && kinds[1] === kind) return kind;
  throw new CopycatError('USAGE', `the bench has no boards as in ${config.name}`, {
    value: config.boards.map((board) => board.kind).join(' and '),
    expected: `two boards of one kind that is emulated: ${emulatedKinds().join(', ')}`,
  });
}

function imageOf({ firmware, configFile }: SubjectChoice, config: Config | null, kind: BenchKind): string {
  if (firmware !== null) return imagePath(firmware, process.cwd(), factsOfKind(kind));
  const images = new Set((config?.boards ?? []).flatMap((board: BoardConfig) => board.firmware ?? []));
  const [image] = images;
  if (image !== undefined && images.size === 1) return image;
  const why = images.size === 0 ? 'names no image' : 'names two different images';
  throw new CopycatError('USAGE', `${configFile} ${why}`, {
    expected: 'firmware: FILE.hex for both boards, or bench --firmware FILE.hex',
  });
}

/** As the user wrote them: the bench's own gateway reads them again. */
function keysOf(configFile: string): Record<string, unknown> {
  const said = (parse(readConfigFile(configFile), { merge: true }) ?? {}) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(said).filter(([key]) => KEYS.includes(key)));
}

/** What the configuration names; else what the image does. */
function namedFields(config: Config | null, image: NamedValues): NamedValues {
  const own = config?.fields ?? NO_NAMES;
  const isNamed = own.input.length + own.result.length > 0;
  return { ...(isNamed ? own : image), state: own.state.length > 0 ? own.state : image.state };
}

const NO_NAMES: NamedValues = { input: [], result: [], state: [] };

/** A configuration with the names of its image, where it has none itself. */
function withNames(
  fields: NamedValues,
  sources: readonly SourceMap[],
  said: Record<string, unknown>,
): Record<string, unknown> {
  const result = fields.result.map(({ name, type, offset, scale, unit, part, min, max }: Field) => ({
    ...{ name, type, offset, scale, unit, part },
    ...(min === null ? {} : { min }),
    ...(max === null ? {} : { max }),
  }));
  const named = sources.map(({ name, unit, scale, tolerance }) => ({
    ...{ name, unit, scale },
    ...(tolerance === null ? {} : { tolerance }),
  }));
  const own = { state: fields.state, input: fields.input, result };
  const isNamed = said['fields'] !== undefined;
  return {
    ...(named.length === 0 ? {} : { sources: named }),
    ...said,
    fields: isNamed ? { state: fields.state, ...(said['fields'] as object) } : own,
  };
}

function pinsOf(file: string, outputs: readonly number[]): ActuatorPins {
  const [duty, ...others] = outputs;
  if (duty !== undefined) return { duty, trip: null, others };
  throw new CopycatError('USAGE', `${file} drives no pin, and there is nothing to hand over`, {
    expected: 'a sketch with a cc_output(), or a cc_own_output() whose pins are made outputs in setup() (pinMode)',
  });
}

export function isBenchKind(kind: string): boolean {
  return BENCH_KINDS.some((one) => one === kind);
}
