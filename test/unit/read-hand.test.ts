import { describe, expect, it } from 'vitest';
import { HANDS } from '../../src/bench/hands/hand.js';
import { handledBoards } from '../../src/bench/hands/handled-boards.js';
import { readHand } from '../../src/bench/hands/read-hand.js';
import { parseConfig } from '../../src/config/load/load-config.js';
import { CopycatError } from '../../src/errors/copycat-error.js';

const boardsOf = (kind: string, names: readonly [string, string] = ['a', 'b']) =>
  handledBoards(
    parseConfig(
      `boards: { ${names.map((name) => `${name}: { kind: ${kind}, port: emulated }`).join(', ')} }
relay: { pin: GPIO17, at-rest: ${names[0]}, feedback: GPIO27 }
input: every 100ms
deadline: 50ms
`,
      'pair.yaml',
      '/tmp',
    ),
  );

const UNOS = boardsOf('uno');
const read = (typed: string, boards = UNOS) => readHand(typed.split(' '), boards);

describe('what can be tried', () => {
  it.each([
    ['halt a', { do: 'halt', at: 'a' }],
    ['plug b', { do: 'plug', at: 'b' }],
    ['noise a 1%', { do: 'noise', at: 'a', share: 0.01 }],
    ['slow b 80ms', { do: 'slow', at: 'b', byUs: 80_000 }],
    ['flip a 0x123.4', { do: 'flip', at: 'a', address: 0x123, bit: 4 }],
    ['flip a 0x8ff.7', { do: 'flip', at: 'a', address: 0x8ff, bit: 7 }],
    ['pin a D2 high', { do: 'pin', at: 'a', pin: 2, level: 1 }],
    ['pin a A1 low', { do: 'pin', at: 'a', pin: 15, level: 0 }],
    ['pin a 13 open', { do: 'pin', at: 'a', pin: 13, level: null }],
    ['analog a A5 1023', { do: 'analog', at: 'a', channel: 5, counts: 1023 }],
    ['relay stuck', { do: 'relay-stuck' }],
    ['ledger slow 500ms', { do: 'ledger-slow', byUs: 500_000 }],
    ['release', { do: 'release' }],
  ])('%s', (typed, hand) => {
    expect(read(typed)).toEqual(hand);
  });

  it('is all that the help shows', () => {
    expect(Object.values(HANDS).map(({ typed }) => read(typed).do)).toHaveLength(12);
  });

  it('goes by the kind of the boards, and by their own names', () => {
    const megas = boardsOf('mega2560', ['left', 'right']);
    expect(read('pin right D53 high', megas)).toEqual({ do: 'pin', at: 'b', pin: 53, level: 1 });
    expect(read('flip left 0x21ff.0', megas)).toEqual({ do: 'flip', at: 'a', address: 0x21ff, bit: 0 });
    // A Nano has two channels that an Uno has not, and they are no pins.
    const nanos = boardsOf('nano');
    expect(read('analog a A7 3', nanos)).toEqual({ do: 'analog', at: 'a', channel: 7, counts: 3 });
    expect(() => read('pin a A7 high', nanos)).toThrow('board a has no pin A7');
  });
});

describe('what says nothing', () => {
  it.each([
    ['', 'nothing to try was named', 'halt, restart'],
    ['hlat a', 'hlat is nothing that can be tried; did you mean halt?', 'halt, restart'],
    ['constructor a', 'constructor is nothing that can be tried', 'halt, restart'],
    ['a halt', 'a is a board, and what is done to it comes first', 'halt a'],
    ['halt c', 'this pair has no board c', 'a or b'],
    ['halt', 'halt says too little', 'halt a'],
    ['halt a now', 'now is one word too many', 'halt a'],
    ['pin a D14 high', 'board a has no pin D14', 'D2 to D13, or A0 to A5'],
    ['pin a D1 high', 'board a has no pin D1 ', 'D2 to D13, or A0 to A5'],
    ['pin a D2 up', 'up is no level of a pin', 'high, low or open'],
    ['flip a 0x99999.9', '0x99999.9 is no bit of the memory of board a', '0x100.0 to 0x8ff.7'],
    ['flip a 0x123.8', '0x123.8 is no bit', '0x100.0 to 0x8ff.7'],
    ['flip a 0x5f.0', '0x5f.0 is no bit', '0x100.0 to 0x8ff.7'],
    ['noise a 200%', '200% is no share', '0% to 100%'],
    ['noise a 1', '1 is no share', '0% to 100%'],
    ['slow a soon', 'soon is no time', '80ms'],
    ['slow a 61s', '61s is no time', '0ms to 60s'],
    ['analog a A6 5', 'board a has no channel A6', 'A0 to A5'],
    ['analog a A0 1024', '1024 is nothing that the converter shows', '0 to 1023'],
    ['relay loose', 'the relay cannot be made loose', 'relay stuck'],
    ['ledger fast 5ms', 'the ledger cannot be made fast', 'ledger slow 500ms'],
  ])('%j: one sentence, with what was expected', (typed, message, expected) => {
    let thrown: unknown;
    try {
      read(typed);
    } catch (error) {
      thrown = error;
    }
    if (!(thrown instanceof CopycatError)) throw new Error('nothing was thrown');
    expect(thrown.code).toBe('USAGE');
    expect(thrown.message).toContain(message);
    expect(thrown.message).not.toContain('\n');
    expect(thrown.expected).toContain(expected);
  });
});
