import { describe, expect, it } from 'vitest';
import { PinMemory } from '../../../src/hardware/firmata/pin-memory.js';

/** The two bytes of seven bits that eight pins are written with. */
const port = (index: number, bits: number) => [0x90 | index, bits & 0x7f, bits >> 7];

describe('what the pins of a Firmata board are to be', () => {
  it('R27: a pin is written together with its seven neighbours, each at the level that it was commanded to', () => {
    const memory = new PinMemory();
    memory.setOutput(3, 1);
    memory.setOutput(7, 1);
    memory.setOutput(4, 0);
    memory.setOutput(8, 1);
    expect(memory.writeMessage(4)).toEqual(port(0, 0b1000_1000));
    expect(memory.writeMessage(15)).toEqual(port(1, 0b0000_0001));
    memory.setOutput(3, 0);
    expect(memory.writeMessage(3)).toEqual(port(0, 0b1000_0000));
  });

  it('R27: what the board did with a pin before is kept beside those that are written, and never overrules a command', () => {
    const memory = new PinMemory();
    memory.setOutput(3, 0);
    memory.keep(3, 1);
    memory.keep(5, 1);
    memory.keep(5, 0);
    expect(memory.writeMessage(3)).toEqual(port(0, 0b0010_0000));
    expect([...memory.outputs.keys()]).toEqual([3]);
  });

  it('a pull-up is written as a level, unless the pin is an output still', () => {
    const memory = new PinMemory();
    memory.setOutput(3, 1);
    memory.setInput(4, true);
    memory.setInput(5, false);
    expect(memory.writeMessage(3)).toEqual(port(0, 0b0001_1000));
    expect(memory.writeMessage(3, false)).toEqual(port(0, 0b0000_1000));
  });

  it('a pin is an output or an input, whichever was said last', () => {
    const memory = new PinMemory();
    memory.setOutput(9, 1);
    memory.setInput(9, false);
    expect([memory.outputs.size, [...memory.inputs]]).toEqual([0, [[9, false]]]);
    expect(memory.modeMessage(9)).toEqual([0xf4, 9, 0]);
    expect(memory.writeMessage(9)).toEqual(port(1, 0));
    memory.setOutput(9, 1);
    expect([[...memory.outputs], memory.inputs.size]).toEqual([[[9, 1]], 0]);
    expect(memory.modeMessage(9)).toEqual([0xf4, 9, 1]);
  });

  it('asks what one pin does', () => {
    expect(new PinMemory().queryMessage(12)).toEqual([0xf0, 0x6d, 12, 0xf7]);
  });

  it('asks for the inputs of a port once, for each analog channel, and for nothing that is not read', () => {
    const memory = new PinMemory();
    expect(memory.reportMessages()).toEqual([]);
    memory.setOutput(2, 1);
    memory.setInput(8, false);
    memory.setInput(9, true);
    memory.setInput(16, true);
    memory.channels.add(3);
    memory.channels.add(5);
    expect(memory.reportMessages()).toEqual([0xd1, 1, 0xd2, 1, 0xc3, 1, 0xc5, 1]);
  });

  it('R13: after a reset levels come first, each port once and without pull-ups; no mode of an output is named', () => {
    const memory = new PinMemory();
    memory.setInput(4, true);
    memory.setInput(10, false);
    memory.setOutput(3, 1);
    memory.setOutput(7, 0);
    memory.setOutput(8, 1);
    expect(memory.restoreMessages()).toEqual([
      ...port(0, 0b0000_1000),
      ...port(1, 0b0000_0001),
      ...[0xf4, 4, 0, 0xf4, 10, 0],
      ...port(0, 0b0001_1000),
    ]);
    expect(new PinMemory().restoreMessages()).toEqual([]);
  });
});
