import { setTimeout as pass } from 'node:timers/promises';
import type { HelloFacts } from '../../control/hello-text.js';
import { decodeFrame, encodeFrame } from '../../protocol/frame-codec.js';
import type { PortWish } from '../../serial/ports/find-port.js';
import { locatePort } from '../../serial/ports/find-port.js';
import { holdLines } from '../../serial/session/hold-lines.js';
import { openSerialSession } from '../../serial/session/serial-session.js';
import { BEAT_US, BLINK_US, isLit } from './blink-rhythm.js';
import { MAX_FRAME_BYTES } from './open-serial-port.js';

export interface IdentifiedPort {
  readonly path: string;
  /** What it says of itself; null: it has not answered. */
  readonly hello: HelloFacts | null;
  /** It sends something that is no frame: another sketch, or another baud rate. */
  readonly isOther: boolean;
}

export interface IdentifyPortOptions {
  readonly wish: PortWish;
  readonly baudRate: number;
  /** The port is open and the lights begin to blink. */
  readonly onBlinking?: (path: string) => void;
  readonly forMs?: number;
}

/**
 * Has a board blink that no gateway serves, by its port: opening it may restart the board. Rejects with a PortError, as
 * when the port belongs to a running gateway.
 */
export async function identifyPort(options: IdentifyPortOptions): Promise<IdentifiedPort> {
  const { path } = await locatePort(options.wish);
  const session = await openSerialSession({
    ...{ path, baudRate: options.baudRate, maxFrameBytes: MAX_FRAME_BYTES },
    // Or it would be restarted by every further look at it.
    prepare: async () => void (await holdLines(path)),
  });
  let hello: HelloFacts | null = null;
  let others = 0;
  let hasClosed = false;
  session.frames.subscribe((frame) => {
    const decoded = decodeFrame(frame);
    if (decoded.ok && decoded.message.kind === 'hello') hello = { ...decoded.message, unit: decoded.message.seq };
    else if (!decoded.ok) others++;
  });
  session.closed.then(
    () => {
      hasClosed = true;
    },
    () => undefined, // it never rejects
  );
  options.onBlinking?.(path);
  const startMs = performance.now();
  const forMs = options.forMs ?? BLINK_US / 1000;
  const request = encodeFrame({ kind: 'helloRequest', session: 0, seq: 0 });
  for (let sinceMs = 0; sinceMs < forMs && !hasClosed; sinceMs = performance.now() - startMs) {
    if (isLit(sinceMs * 1000)) session.write(request);
    await pass(BEAT_US / 1000);
  }
  session.close();
  return { path, hello, isOther: hello === null && others > 0 };
}
