import type { Clock } from '../../src/clock/clock.js';
import type { FakeGpio } from './fake-gpio.js';

/** What the actuator of one channel is connected to; two boards at once is what must never be. */
export type Connected = 'a' | 'b' | 'none' | 'both';

interface Contact {
  readonly connected: () => Connected;
  /** Everything that it was connected to, in order, without repeats. */
  readonly history: Connected[];
  /** Nothing moves it any more. */
  stick(): void;
}

const operateUs = 8000;
const releaseUs = 5000;

/** One coil: a on the normally closed contact, b on the normally open one; the pole of the feedback moves with it. */
export function changeover(gpio: FakeGpio, clock: Clock, coil: string, feedback: string | null): Contact {
  let stands: Connected = 'a';
  let stuck = false;
  let pending: () => void = () => undefined;
  const history: Connected[] = ['a'];
  const show = (now: Connected): void => {
    stands = now;
    history.push(now);
    if (feedback !== null && now !== 'none') gpio.drive(feedback, now === 'b' ? 1 : 0);
  };
  listen(gpio, coil, (level) => {
    pending();
    const target = level === 1 ? 'b' : 'a';
    if (stuck || stands === target) return;
    pending = clock.alarm(clock.nowUs() + (level === 1 ? operateUs : releaseUs), () => {
      if (stuck) return;
      show('none');
      show(target);
    });
  });
  return {
    connected: () => stands,
    history,
    stick: () => {
      stuck = true;
    },
  };
}

/** A relay for each board; the feedback line follows an auxiliary contact of b's. */
export function twoRelays(
  gpio: FakeGpio,
  clock: Clock,
  coils: { a: string; b: string },
  feedback: string | null,
): Contact {
  const closed = { a: false, b: false };
  const pending: Record<'a' | 'b', () => void> = { a: () => undefined, b: () => undefined };
  let stuck = false;
  const history: Connected[] = ['none'];
  const connected = (): Connected => {
    if (closed.a && closed.b) return 'both';
    if (closed.a) return 'a';
    return closed.b ? 'b' : 'none';
  };
  for (const board of ['a', 'b'] as const) {
    listen(gpio, coils[board], (level) => {
      pending[board]();
      if (stuck || closed[board] === (level === 1)) return;
      pending[board] = clock.alarm(clock.nowUs() + (level === 1 ? operateUs : releaseUs), () => {
        if (stuck) return;
        closed[board] = level === 1;
        history.push(connected());
        if (feedback !== null) gpio.drive(feedback, closed.b ? 1 : 0);
      });
    });
  }
  return {
    connected,
    history,
    stick: () => {
      stuck = true;
    },
  };
}

/** Two coils on one armature: it stays without power; a coil must be on for its operate time to move it. */
export function latching(
  gpio: FakeGpio,
  clock: Clock,
  coils: { a: string; b: string },
  feedback: string | null,
  first: 'a' | 'b' = 'a',
): Contact & { readonly bothCoils: () => boolean } {
  let stands: Connected = first;
  let stuck = false;
  let both = false;
  const on = { a: false, b: false };
  const pending: Record<'a' | 'b', () => void> = { a: () => undefined, b: () => undefined };
  const history: Connected[] = [first];
  if (feedback !== null) gpio.drive(feedback, first === 'b' ? 1 : 0);
  for (const board of ['a', 'b'] as const) {
    listen(gpio, coils[board], (level) => {
      pending[board]();
      on[board] = level === 1;
      both ||= on.a && on.b;
      if (level === 0 || stuck || stands === board) return;
      pending[board] = clock.alarm(clock.nowUs() + operateUs, () => {
        if (stuck) return;
        stands = board;
        history.push(board);
        if (feedback !== null) gpio.drive(feedback, board === 'b' ? 1 : 0);
      });
    });
  }
  return {
    connected: () => stands,
    history,
    stick: () => {
      stuck = true;
    },
    bothCoils: () => both,
  };
}

function listen(gpio: FakeGpio, line: string, hear: (level: 0 | 1) => void): void {
  const before = gpio.onLevel;
  gpio.onLevel = (name, level) => {
    before(name, level);
    if (name === line) hear(level);
  };
}
