import { setTimeout as pass } from 'node:timers/promises';
import { WallClock } from '../../clock/clock.js';
import type { Dialect } from '../../link/dialect.js';
import { Inquiry, type Introduction } from '../../link/inquiry.js';
import type { PortWish } from '../../serial/ports/find-port.js';
import { locatePort } from '../../serial/ports/find-port.js';
import { holdLines } from '../../serial/session/hold-lines.js';
import { openSerialSession } from '../../serial/session/serial-session.js';
import type { LineSettings } from '../../values/line-settings.js';
import { BEAT_US, BLINK_US, isLit } from './blink-rhythm.js';

export interface IdentifiedPort {
  readonly path: string;
  readonly introduction: Introduction;
}

export interface IdentifyPortOptions {
  readonly wish: PortWish;
  readonly line: LineSettings;
  /** What boards at this port speak. */
  readonly dialect: Dialect;
  /** The port is open and the lights begin to blink. */
  readonly onBlinking?: (path: string) => void;
  readonly forMs?: number;
}

/**
 * Has a board blink that no gateway serves, by its port: opening it may restart the board. Rejects with a PortError, as
 * when the port belongs to a running gateway. A protocol without such a question leaves the port closed: opening it for nothing
 * may restart the board.
 */
export async function identifyPort(options: IdentifyPortOptions): Promise<IdentifiedPort> {
  const { path } = await locatePort(options.wish);
  if (!options.dialect.wire.abilities.identity) return { path, introduction: { outcome: 'not-asked' } };
  const session = await openSerialSession({
    ...{ path, ...options.line, maxFrameBytes: options.dialect.maxFrameBytes, cut: options.dialect.cut },
    // Or it would be restarted by every further look at it.
    prepare: async () => void (await holdLines(path)),
  });
  const inquiry = new Inquiry(session, options.dialect, new WallClock());
  let hasClosed = false;
  session.closed.then(
    () => {
      hasClosed = true;
    },
    () => undefined, // it never rejects
  );
  options.onBlinking?.(path);
  const startMs = performance.now();
  const forMs = options.forMs ?? BLINK_US / 1000;
  for (let sinceMs = 0; sinceMs < forMs && !hasClosed; sinceMs = performance.now() - startMs) {
    if (isLit(sinceMs * 1000)) inquiry.ask();
    await pass(BEAT_US / 1000);
  }
  session.close();
  return { path, introduction: inquiry.introduction };
}
