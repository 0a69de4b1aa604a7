import { filter, ignoreElements, interval, lastValueFrom, merge, startWith, take, takeUntil, tap, timer } from 'rxjs';
import { WallClock } from '../clock/clock.js';
import type { Dialect } from './dialect.js';
import type { FrameSession } from './frame-session.js';
import { Inquiry, type Introduction } from './inquiry.js';

const ASK_EVERY_MS = 250;

/**
 * What the board at the other end says of itself: asked again and again, for at most `limitMs` of wall time, as a bootloader may
 * be listening first. At once where its protocol has no such question. Never rejects; leaves the session open.
 */
export async function askWho(session: FrameSession, dialect: Dialect, limitMs: number): Promise<Introduction> {
  const inquiry = new Inquiry(session, dialect, new WallClock());
  if (!inquiry.canAsk) return inquiry.introduction;
  const asked = interval(ASK_EVERY_MS).pipe(
    startWith(0),
    tap(() => inquiry.ask()),
    ignoreElements(),
  );
  const settled = inquiry.heard.pipe(filter(({ outcome }) => outcome === 'described' || outcome === 'other-version'));
  const end = merge(settled, asked).pipe(take(1), takeUntil(timer(limitMs)));
  await lastValueFrom(end, { defaultValue: null });
  return inquiry.introduction;
}
