import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { CopycatError } from '../errors/copycat-error.js';
import { GatewayChild } from './stage/gateway-child.js';
import { heaterHex } from './stage/heater-image.js';
import { wireThermometer } from './stage/thermometer.js';
import { createWorld } from './world/world.js';

/** Emulated time for the boards to come up before their ports are opened. */
const BOOT_US = 1_500_000;

export interface EmulatedPair {
  readonly addresses: readonly string[];
  /** When the gateway's process has ended, by `stop` or by itself. */
  readonly ended: Promise<void>;
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
  const image = first.firmware ?? second.firmware;
  const folder = mkdtempSync(join(tmpdir(), 'copycat-'));
  const world = await createWorld({
    folder,
    seed: 1,
    hex: image === null ? heaterHex() : readFileSync(image, 'utf8'),
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

/** The emulated relay knows its boards as a and b: the first and the second of the file. */
function atRest(config: Config): 'a' | 'b' | 'none' {
  const { atRest: board } = config.relay;
  if (board === null) return 'none';
  return board === config.boards[0].board ? 'a' : 'b';
}
