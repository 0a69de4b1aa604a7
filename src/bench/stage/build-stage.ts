import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { heaterPayload } from '../../model-board/heater-reference.js';
import { makeTemporaryFolder } from '../../private-files/temporary-folder.js';
import { SeededRandom } from '../../random/seeded-random.js';
import { BenchClient } from '../bench-client.js';
import type { LinkModelName } from '../link-models/link-parameters.js';
import { ExchangeRecord } from '../record/exchange-record.js';
import { ExecutedInputs } from '../record/executed-inputs.js';
import type { PaceName } from '../world/pace.js';
import { type BenchWorld, createWorld } from '../world/world.js';
import { type BenchWorldOptions, defaultPins } from '../world/world-options.js';
import { payloadsOf } from '../world-file/template-payload.js';
import { benchConfig } from './bench-config.js';
import { type BenchKind, heaterHex, mcuOfKind } from './heater-image.js';
import type { SketchSubject } from './sketch-subject.js';
import type { StageSetup } from './stage-setup.js';

/** Inputs come at most so often: somewhat faster than the 100 Hz that the pair is for. */
const PACE_US = 8_000;
/** The heater's temperatures are in 1/16 degC. */
const UNITS_PER_DEGREE = 16;
/** Inputs from one set point to the next. */
const SET_POINT_EVERY = 25;
/** Full power stays below what the heater trips at by itself: nobody controls it while a run waits for its end. */
const PLANT = { startC: 40, timeConstantS: 4, fullPowerRiseC: 90 };

export interface StageOptions {
  readonly name: string;
  readonly folder: string;
  readonly seed: number;
  readonly inputs: number;
  readonly link: LinkModelName;
  /** What the emulated boards are; Unos when not given. */
  readonly kind?: BenchKind;
  /** Somebody's own program and its world; the heater and its oven when not given. */
  readonly sketch?: SketchSubject;
  /** Commits need both boards, where the scenario does not say otherwise. */
  readonly needsBoth?: boolean;
  /** `virtual` when not given. */
  readonly pace?: PaceName;
  /** Emulated time without a new answer after which a run is over, whatever is missing; 8 s when not given. */
  readonly stuckUs?: number;
}

/** What a stage is made of before anything runs. */
export interface StageParts {
  readonly world: BenchWorld;
  readonly client: BenchClient;
  readonly exchanges: ExchangeRecord;
  /** What another board is given to come to the same; null: the reference model knows it. */
  readonly executed: ExecutedInputs | null;
  readonly configFile: string;
  /** In a folder of its own: the path of a socket must be short, and a run's folder may be anywhere. */
  readonly controlPath: string;
}

const CONTROL_SOCKET = 'control.sock';

/** Empties the folder of the run and writes its configuration. Rejects with EMULATOR_FAILED where it cannot run. */
export async function buildStage(options: StageOptions, setup: StageSetup): Promise<StageParts> {
  const { folder, seed, link, kind = 'uno', pace = 'virtual', sketch } = options;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const boards = setup.boards?.();
  const mcu = mcuOfKind(kind).name;
  const world = await createWorld({
    ...{ folder, seed, link, pins: defaultPins, plant: PLANT, pace },
    ...(boards === undefined
      ? { hex: sketch?.hex ?? heaterHex(setup.image, kind), mcu: { a: mcu, b: mcu } }
      : { boards }),
    ...(sketch === undefined ? {} : { pins: sketch.pins, ...plantOptions(sketch) }),
    ...(setup.relay === undefined ? {} : { relay: setup.relay }),
  });
  // Before anybody who plans faults listens: nothing of the run passes it by.
  const exchanges = new ExchangeRecord({ a: world.boards.a.board, b: world.boards.b.board });
  const executed = sketch === undefined ? null : new ExecutedInputs();
  exchanges.onMessage = (name, message) => executed?.hear(name, message);
  const controlPath = join(makeTemporaryFolder('copycat-', CONTROL_SOCKET), CONTROL_SOCKET);
  const configFile = join(folder, 'copycat.yaml');
  const places = { a: world.boards.a.portPath, b: world.boards.b.portPath, control: controlPath };
  writeFileSync(configFile, benchConfig(options, places, setup));
  return { world, client: clientOf(world, options, setup), exchanges, executed, configFile, controlPath };
}

/** The oven as what the world file says of its plant. */
function plantOptions({ world: { plant }, pins }: SketchSubject): Pick<BenchWorldOptions, 'plant' | 'drivesPlant'> {
  if (plant === null) return {};
  const { follows, starts, rests, rises, timeConstantS } = plant;
  const place = pins.others?.indexOf(follows) ?? -1;
  return {
    plant: { startC: starts, ambientC: rests, fullPowerRiseC: rises, timeConstantS },
    drivesPlant: (duty, _trip, others) => (place < 0 ? duty : (others[place] ?? 0)),
  };
}

/** Somebody who wants the oven at a temperature, and another one now and then. */
function clientOf(world: BenchWorld, options: StageOptions, setup: StageSetup): BenchClient {
  const { seed, inputs, sketch } = options;
  if (sketch !== undefined) return sketchClient(world, sketch, options, setup);
  const setPoints = new SeededRandom(seed ^ 0x5e7);
  let setPointC = 60;
  const { inFlight = 1, paceUs = PACE_US, overUs = 0 } = setup.client ?? {};
  return new BenchClient(world, {
    inputs,
    inFlight,
    paceUs: Math.max(paceUs, Math.floor(overUs / inputs)),
    nextPayload: (id) => {
      const payload = setup.payload?.(id) ?? null;
      if (payload !== null) return payload;
      if (id % SET_POINT_EVERY === 1) setPointC = 45 + setPoints.nextBelow(60);
      const measuredC = world.plant.temperatureC(world.nowUs());
      return heaterPayload(setPointC * UNITS_PER_DEGREE, Math.round(measuredC * UNITS_PER_DEGREE));
    },
  });
}

/** Somebody who sends what the world file says. */
function sketchClient(
  world: BenchWorld,
  { world: { inputs: said } }: SketchSubject,
  { seed, inputs }: StageOptions,
  setup: StageSetup,
): BenchClient {
  const { inFlight = 1, overUs = 0 } = setup.client ?? {};
  const paceUs = Math.max(said.everyUs, setup.client?.paceUs ?? 0, Math.floor(overUs / inputs));
  const plant = (): number => world.plant.temperatureC(world.nowUs());
  const nextPayload = payloadsOf(said, new SeededRandom(seed ^ 0x5e7), plant);
  return new BenchClient(world, { inputs, inFlight, paceUs, nextPayload });
}
