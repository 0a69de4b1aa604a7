import { describe, expect, it } from 'vitest';
import { OutsideInputs } from '../../src/emulator/outside-inputs.js';

describe('what is wired to an emulated board', () => {
  it('is the hand that holds it, and not the world, until the hand lets go; then what the world has said meanwhile', () => {
    const looked: number[] = [];
    const outside = new OutsideInputs(6, (pin) => looked.push(pin));
    outside.setVolts(0, 1);
    outside.setLevel(2, 0);
    outside.holdVolts(0, 4);
    outside.holdLevel(2, 1);
    outside.setVolts(0, 2);
    outside.setLevel(2, null);
    outside.setVolts(1, 3);
    expect([outside.volts[0], outside.volts[1], outside.levels.get(2)]).toEqual([4, 3, 1]);
    outside.letGo();
    expect([outside.volts[0], outside.levels.get(2)]).toEqual([2, null]);
    // The board looks at its pin when what it sees has changed, and not when the world speaks in vain.
    expect(looked).toEqual([2, 2, 2]);
    outside.setVolts(0, 5);
    expect(outside.volts[0]).toBe(5);
  });

  it('is nothing at a pin that only a hand has held', () => {
    const outside = new OutsideInputs(6, () => undefined);
    outside.holdLevel(7, 1);
    outside.letGo();
    expect(outside.levels.get(7)).toBe(null);
  });
});
