import { readFileSync, rmSync } from 'node:fs';
import { readStatus } from '../api/socket/read-status.js';
import { handsPath } from '../api/socket/send-hand.js';
import type { LineServer } from '../api/socket/serve-lines.js';
import { imageOf } from '../config/board-facts.js';
import type { BoardConfig, Config } from '../config/config.js';
import type { Status } from '../control/contract/status.js';
import { CopycatError } from '../errors/copycat-error.js';
import { removeLeftLinks } from '../gateway/inputs/claim-path.js';
import type { Began } from '../gateway/parts.js';
import { makeTemporaryFolder } from '../private-files/temporary-folder.js';
import { EmulatedHands } from './hands/emulated-hands.js';
import { handledBoards } from './hands/handled-boards.js';
import { Hands } from './hands/hands.js';
import { Reactions } from './hands/reactions.js';
import { ToldFaults } from './hands/told-faults.js';
import { GatewayChild } from './stage/gateway-child.js';
import { wireThermometer } from './stage/thermometer.js';
import { createWorld } from './world/world.js';
import type { BenchWorldOptions } from './world/world-options.js';

/** Emulated time for the boards to come up before their ports are opened. */
const BOOT_US = 1_500_000;

export interface EmulatedPair {
  readonly addresses: readonly string[];
  /** What a person does to it (`copycat try`). */
  readonly hands: EmulatedHands;
  /** Why nobody can lay hands on it from another process; null: anybody of this user can. */
  readonly handsTrouble: string | null;
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
  began: Began | null = null,
): Promise<EmulatedPair> {
  const [first, second] = config.boards;
  if (first.port.type !== 'emulated' || second.port.type !== 'emulated') {
    throw new CopycatError('CONFIG_INVALID', 'one board is emulated and the other is not', {
      value: `${first.board}: ${first.port.type}, ${second.board}: ${second.port.type}`,
      expected: 'port: emulated for both, or for none',
    });
  }
  const handled = handledBoards(config);
  const mcu = { a: handled[0].mcu.name, b: handled[1].mcu.name };
  const folder = makeTemporaryFolder('copycat-');
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  // Also where the process ends at once: what is left of it would stay for ever.
  process.once('exit', removeFolder);
  const world = await createWorld({
    folder,
    seed: 1,
    mcu,
    hexOf: { a: programOf(first, second), b: programOf(second, first) },
    ...wireOf(first),
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
    // One that was killed has left them.
    removeLeftLinks(config.inputs);
    removeFolder();
    process.off('exit', removeFolder);
  };
  const told = new ToldFaults();
  const hearLog = (chunk: Buffer): void => told.hear(chunk);
  const options = {
    configFile,
    logFile: null,
    logTo,
    hearLog,
    ports,
    servesStatus: true,
    ...(began === null ? {} : { began }),
  };
  const gateway = await GatewayChild.start(world, options).catch((error: unknown) => {
    // The world's clock would keep this process alive for ever.
    takeDown();
    throw error;
  });
  const readNow = (): Promise<Status | null> => readStatus(config.controlPath).catch(() => null);
  const reactions = new Reactions(world, handled, told, readNow);
  const hands = new EmulatedHands(handled, new Hands(world, handled, gateway, config.relay.kind !== 'none'), reactions);
  const served = await serveHands(hands, handsPath(config.controlPath));
  return {
    addresses: gateway.addresses,
    hands,
    handsTrouble: 'trouble' in served ? served.trouble : null,
    ended: gateway.ended,
    stop: async () => {
      if ('server' in served) await served.server.close();
      await gateway.close();
      takeDown();
    },
  };
}

/** Hands are for looking on: a pair whose folder leaves no room for one more socket runs all the same. */
async function serveHands(
  hands: EmulatedHands,
  path: string,
): Promise<{ readonly server: LineServer } | { readonly trouble: string }> {
  try {
    return { server: await hands.serve(path) };
  } catch (error) {
    if (error instanceof CopycatError) return { trouble: `copycat try cannot be used: ${error.message}` };
    throw error;
  }
}

/** What the gateway sets its ports to: both boards of an emulated pair hear it. */
function wireOf({ line: { baudRate, ...format } }: BoardConfig): Pick<BenchWorldOptions, 'baudRate' | 'format'> {
  return { baudRate, format };
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
