import { Observable } from 'rxjs';
import type { Clock } from '../clock/clock.js';

/** Emits once and completes when `delayUs` has passed on the given clock. */
export function alarmAfter(clock: Clock, delayUs: number): Observable<void> {
  return new Observable((subscriber) =>
    clock.alarm(clock.nowUs() + delayUs, () => {
      subscriber.next();
      subscriber.complete();
    }),
  );
}
