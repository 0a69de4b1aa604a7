import { filter, firstValueFrom, interval, map, merge, startWith, take, takeUntil, tap, timer } from 'rxjs';
import type { FrameSession } from '../../link/frame-session.js';
import { decodeFrame, encodeFrame } from '../../protocol/frame-codec.js';
import type { HelloMessage } from '../../protocol/messages.generated.js';

const ASK_EVERY_MS = 250;

/** What the board at the other end says of itself; null when it says nothing in `limitMs`. Leaves the session open. */
export async function askWho(session: FrameSession, limitMs: number): Promise<HelloMessage | null> {
  const question = encodeFrame({ kind: 'helloRequest', session: 0, seq: 0 });
  const asked = interval(ASK_EVERY_MS).pipe(
    startWith(0),
    tap(() => session.write(question)),
    map(() => null),
  );
  const said = session.frames.pipe(
    map((frame) => decodeFrame(frame)),
    map((decoded) => (decoded.ok && decoded.message.kind === 'hello' ? decoded.message : null)),
  );
  const heard = merge(said, asked).pipe(
    filter((hello) => hello !== null),
    take(1),
    takeUntil(timer(limitMs)),
  );
  return firstValueFrom(heard, { defaultValue: null });
}
