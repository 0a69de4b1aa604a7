import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { LOG_LIMITS, LogLimit } from '../../src/gateway/log/log-limit.js';
import { makeLog } from '../../src/gateway/log/make-log.js';
import { ManualClock } from './manual-clock.js';

const SECOND_US = 1_000_000;

describe('what the gateway writes to its log', () => {
  it('lets the whole of a takeover and a repair pass', () => {
    const limit = new LogLimit(new ManualClock(), () => undefined);
    const story = Array.from({ length: 40 }, (_, line) => `step ${String.fromCharCode(97 + line)} of board a`);
    expect(story.map((text) => limit.admit(text))).not.toContain(false);
  });

  it('a disconnect loop of 85 lines a second comes down to one of a kind in ten seconds, and tells what it left out', () => {
    const clock = new ManualClock();
    const told: number[] = [];
    const limit = new LogLimit(clock, (leftOut) => told.push(leftOut));
    let written = 0;
    for (let line = 0; line < 85 * 600; line++) {
      clock.advance(SECOND_US / 85);
      if (limit.admit(`board a: link lost, session ${line}`)) written++;
    }
    const { burst, everyUs } = LOG_LIMITS.ofAKind;
    expect(written).toBeGreaterThanOrEqual(burst + 55);
    expect(written).toBeLessThanOrEqual(burst + (600 * SECOND_US) / everyUs);
    expect(told.length).toBeGreaterThanOrEqual(9);
    limit.close();
    expect(told.reduce((sum, count) => sum + count, 0) + written).toBe(85 * 600);
  });

  it('lines that are all different stay below two a second after a burst', () => {
    const clock = new ManualClock();
    const limit = new LogLimit(clock, () => undefined);
    let written = 0;
    for (let line = 0; line < 100 * 300; line++) {
      clock.advance(SECOND_US / 100);
      const kind = line.toString().replace(/\d/g, (digit) => String.fromCharCode(97 + Number(digit)));
      if (limit.admit(kind)) written++;
    }
    expect(written).toBeLessThanOrEqual(LOG_LIMITS.together.burst + 2 * 300);
    limit.close();
  });

  it('a line that is left out leaves the others their room', () => {
    const clock = new ManualClock();
    const limit = new LogLimit(clock, () => undefined);
    for (let line = 0; line < 10_000; line++) limit.admit('board a: link lost');
    expect(limit.admit('board b: link lost')).toBe(true);
    clock.advance(10 * SECOND_US);
    expect(limit.admit('board a: link lost')).toBe(true);
    expect(limit.admit('board a: link lost')).toBe(false);
    limit.close();
  });

  it('writes JSON lines, tells the two boards apart, and says at the end what was left out', () => {
    const lines: { board?: string; msg: string; leftOut?: number }[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(JSON.parse(chunk.toString()) as { msg: string });
        done();
      },
    });
    const { log, close } = makeLog(stream, new ManualClock());
    for (let line = 0; line < 100; line++)
      log.info({ board: line % 2 === 0 ? 'a' : 'b', session: line }, 'opening a session');
    for (let line = 0; line < 20; line++) log.fatal('a mistake in Copycat');
    close();
    const { burst } = LOG_LIMITS.ofAKind;
    expect(lines.filter(({ board }) => board === 'a')).toHaveLength(burst);
    expect(lines.filter(({ board }) => board === 'b')).toHaveLength(burst);
    expect(lines.filter(({ msg }) => msg.startsWith('a mistake'))).toHaveLength(20);
    expect(lines.at(-1)).toMatchObject({ level: 40, leftOut: 100 - 2 * burst });
  });
});
