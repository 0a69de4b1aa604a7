import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulatedMcu, imageOf } from '../config/board-facts.js';
import type { BoardConfig, Config } from '../config/config.js';
import { emulatedKinds } from '../config/load/board-files.js';
import { CopycatError } from '../errors/copycat-error.js';
import { GatewayChild } from './stage/gateway-child.js';
import { wireThermometer } from './stage/thermometer.js';
import { createWorld } from './world/world.js';

/** Emulated time for the boards to come up before their ports are opened. */
const BOOT_US = 1_500_000;

export interface EmulatedPair {
  readonly addresses: readonly string[];
  /** When the gateway's process has ended, by `stop` or otherwise: by what. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/**
 * `copycat run` with `port: emulated`: two emulated boards, their oven and relay here, the gateway in a child process,
 * whose log goes to `logTo`.
 */
export async function runEmulated(
  config: Config,
  configFile: string,
  logTo: NodeJS.WritableStream,
): Promise<EmulatedPair> {
  const [first, second] = config.boards;
  if (first.port.type !== 'emulated' || second.port.type !== 'emulated') {
    throw new CopycatError('CONFIG_INVALID', 'one board is emulated and the other is not', {
      value: `${first.board}: ${first.port.type}, ${second.board}: ${second.port.type}`,
      expected: 'port: emulated for both, or for none',
    });
  }
  const mcu = { a: mcuOf(first), b: mcuOf(second) };
  const folder = mkdtempSync(join(tmpdir(), 'copycat-'));
  const world = await createWorld({
    folder,
    seed: 1,
    mcu,
    hexOf: { a: programOf(first, second), b: programOf(second, first) },
    pins: { duty: 9, trip: 8 },
    // The bench's relay model follows one line: every other kind behaves like a changeover there.
    relay: { kind: config.relay.kind === 'latching' ? 'latching' : 'changeover', atRest: atRest(config) },
  });
  wireThermometer(world);
  world.fastForward(BOOT_US);
  world.start();
  const ports = { [first.board]: world.boards.a.portPath, [second.board]: world.boards.b.portPath };
  const takeDown = (): void => {
    world.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const options = { configFile, logFile: null, logTo, ports, servesStatus: true };
  const gateway = await GatewayChild.start(world, options).catch((error: unknown) => {
    // The world's clock would keep this process alive for ever.
    takeDown();
    throw error;
  });
  return {
    addresses: gateway.addresses,
    ended: gateway.ended,
    stop: async () => {
      await gateway.close();
      takeDown();
    },
  };
}

function mcuOf({ board, kind, facts }: BoardConfig): string {
  const mcu = emulatedMcu(facts);
  if (mcu !== null) return mcu;
  throw new CopycatError('CONFIG_INVALID', `board ${board}: a board of kind ${kind} is not emulated here`, {
    value: kind,
    expected: `one of the kinds ${emulatedKinds().join(', ')} with port: emulated`,
  });
}

/** Its own image, or the other board's where that is of its kind, or the heater. */
function programOf(board: BoardConfig, other: BoardConfig): string {
  const image = board.firmware ?? (other.kind === board.kind ? other.firmware : null) ?? imageOf(board.facts);
  if (image !== null) return readFileSync(image, 'utf8');
  throw new CopycatError('CONFIG_INVALID', `board ${board.board} has no image to run`, {
    value: null,
    expected: 'firmware: FILE.hex',
  });
}

/** The emulated relay knows its boards as a and b: the first and the second of the file. */
function atRest(config: Config): 'a' | 'b' | 'none' {
  const { atRest: board } = config.relay;
  if (board === null) return 'none';
  return board === config.boards[0].board ? 'a' : 'b';
}
