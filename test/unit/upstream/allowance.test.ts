import { describe, expect, it } from 'vitest';
import { Allowance } from '../../../src/upstream/allowance.js';
import { ManualClock } from '../manual-clock.js';

describe('R32: an allowance', () => {
  function of(burst: number, everyUs: number, atUs = 0) {
    const clock = new ManualClock();
    clock.advance(atUs);
    return { clock, allowance: new Allowance(clock, burst, everyUs) };
  }

  it('has all of a burst at once, and then one every so often', () => {
    const { clock, allowance } = of(3, 1024, 77_000);
    for (let used = 0; used < 3; used++) {
      expect(allowance.waitUs).toBe(0);
      allowance.use();
    }
    expect(allowance.waitUs).toBe(1024);
    clock.advance(512);
    expect(allowance.waitUs).toBe(512);
    clock.advance(511);
    expect(allowance.waitUs).toBe(1);
    clock.advance(1);
    expect(allowance.waitUs).toBe(0);
    allowance.use();
    expect(allowance.waitUs).toBe(1024);
  });

  it('that is used while there is none lasts the longer, and never longer than for a burst', () => {
    const { clock, allowance } = of(2, 1000);
    for (let used = 0; used < 3; used++) allowance.use();
    expect(allowance.waitUs).toBe(2000);
    for (let used = 0; used < 100; used++) allowance.use();
    expect(allowance.waitUs).toBe(3000);
    clock.advance(3000);
    expect(allowance.waitUs).toBe(0);
  });

  it('saves up no more than a burst, however long nobody uses it', () => {
    const { clock, allowance } = of(2, 1000);
    clock.advance(1_000_000);
    allowance.use();
    allowance.use();
    expect(allowance.waitUs).toBe(1000);
  });
});
