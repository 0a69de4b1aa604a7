import { expect, it } from 'vitest';
import { ChangeLog } from '../../src/gateway/ports/change-log.js';
import { ManualClock } from './manual-clock.js';

it('says each change once, and at most three at once', () => {
  const clock = new ManualClock();
  const log = new ChangeLog(clock);
  const said: string[] = [];
  const change = (key: string, subject = 'a'): void =>
    log.changed(subject, key, (changes) => said.push(`${subject} ${key} ${changes}`));
  change('open');
  change('open');
  change('gone');
  change('open');
  change('gone');
  change('open');
  change('gone');
  expect(said).toEqual(['a open 1', 'a gone 1', 'a open 1']);
  change('open', 'b'); // another one is not concerned
  expect(said).toHaveLength(4);
  clock.advance(10_000_000);
  expect(said.slice(4)).toEqual(['a gone 3']);
  // Still to and fro: one line in ten seconds.
  for (let times = 0; times < 100; times++) {
    change('open');
    change('gone');
    clock.advance(1_000_000);
  }
  expect(said.filter((line) => line.startsWith('a')).length).toBeLessThanOrEqual(4 + 11);
  clock.advance(60_000_000);
  const before = said.length;
  // It has kept still: all of it again.
  change('open');
  change('gone');
  expect(said.slice(before)).toEqual(['a open 1', 'a gone 1']);
  log.close();
  change('x');
  change('y');
  clock.advance(20_000_000);
  expect(clock.alarms).toBe(0);
});
