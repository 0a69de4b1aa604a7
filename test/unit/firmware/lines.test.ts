import { describe, expect, it } from 'vitest';
import { SerialLine } from './serial-line.js';

const OPENING = 9;
const MOVES = 8;
const CONTACT = 2;
const BANNER = '\r\nvalve 1.0 ready\r\n';
const OPTIONS = { baudRate: 19_200, format: { dataBits: 8, parity: 'none', stopBits: 1 } } as const;

/** A terminal at the board's line. */
class Terminal extends SerialLine {
  constructor(image = 'lines', eeprom?: Uint8Array) {
    super(image, { ...OPTIONS, ...(eeprom === undefined ? {} : { eeprom }) });
  }

  /** What was said since the last time. */
  heard(forUs = 50_000): string {
    return String.fromCharCode(...this.listen(forUs));
  }

  say(text: string, waitUs = 30_000): string {
    this.give(Buffer.from(text, 'latin1'));
    return this.heard(this.givenUs - this.uno.nowUs + waitUs);
  }
}

/** One that has said its banner. */
function ready(image?: string): Terminal {
  const terminal = new Terminal(image);
  terminal.heard();
  return terminal;
}

describe('the lines image', () => {
  it('says its banner after a start and after every reset', () => {
    const terminal = new Terminal();
    expect(terminal.heard()).toBe(BANNER);
    terminal.uno.resetExternal();
    expect(terminal.heard()).toBe(BANNER);
    terminal.uno.powerCycle(10_000);
    expect(terminal.heard(120_000)).toBe(BANNER);
  });

  it.each([
    ['SET 40\n', 'ok\r\n'],
    ['SET 40\r\n', 'ok\r\n'],
    ['GET\n', '0\r\n'],
    ['SET 101\n', 'error: range\r\n'],
    ['SET -1\n', 'error: range\r\n'],
    ['SET 1x\n', 'error: syntax\r\n'],
    ['SET\n', 'error: syntax\r\n'],
    ['SET 99999\n', 'error: syntax\r\n'],
    ['GET 1\n', 'error: syntax\r\n'],
    ['JUMP\n', 'error: command\r\n'],
    [`SET ${'0'.repeat(60)}\n`, 'error: length\r\n'],
    ['\n', ''],
    ['ID\n', 'valve 1.0\r\n'],
    ['CONFIG\n', 'max 100, rate 100\r\n'],
  ])('answers %j', (line, answer) => {
    expect(ready().say(line)).toBe(answer);
  });

  it('goes where it was told, in its time, and counts how often it was told', () => {
    const terminal = ready();
    expect(terminal.say('SET 40\n')).toBe('ok\r\n');
    expect(terminal.say('GET\n')).toBe('40\r\n');
    expect(terminal.uno.duty(MOVES)).toBe(255);
    terminal.heard(500_000);
    expect([terminal.uno.duty(OPENING), terminal.uno.duty(MOVES)]).toEqual([102, 0]);
    expect(terminal.say('STEP -15\n')).toBe('ok\r\n');
    expect(terminal.say('GET\n')).toBe('25\r\n');
    expect(terminal.say('STEP -30\n')).toBe('error: range\r\n');
    expect(terminal.say('COUNT\n')).toBe('2\r\n');
    terminal.heard(500_000);
    expect(terminal.say('POS\n')).toBe('25\r\n');
  });

  it('keeps its limit over a loss of power, receives while it writes it, and then takes no more', () => {
    const terminal = ready();
    expect(terminal.say('MAX 60\nSET 61\nSET 60\n', 80_000)).toBe('ok\r\nerror: range\r\nok\r\n');
    terminal.uno.powerCycle(10_000);
    terminal.heard(120_000);
    expect(terminal.say('CONFIG\n')).toBe('max 60, rate 100\r\n');
  });

  it('answers late when it is told to, then what has come meanwhile, in order', () => {
    const terminal = ready();
    expect(terminal.say('WAIT 200\nSET 7\nGET\n', 100_000)).toBe('');
    expect(terminal.heard(150_000)).toBe('ok\r\nok\r\n7\r\n');
  });

  it('loses what comes over 127 bytes, without a word', () => {
    const terminal = ready();
    const filler = 'GET\n'.repeat(31); // 124 bytes behind the WAIT
    terminal.say(`WAIT 300\n${filler}SET 9\nGET\n`, 10_000);
    const answer = terminal.heard(400_000);
    expect(answer.split('\r\n').filter((line) => line === '0')).toHaveLength(31);
    expect(answer).not.toContain('9\r\n');
  });

  it('says unasked when its contact has changed and come to rest', () => {
    const terminal = ready();
    terminal.uno.setLevel(CONTACT, 0);
    expect(terminal.heard()).toBe('contact closed\r\n');
    for (const level of [1, 0, 1, 0, 1] as const) {
      terminal.uno.setLevel(CONTACT, level);
      terminal.heard(1000);
    }
    expect(terminal.heard()).toBe('contact open\r\n');
  });
});

describe('the lines-ok image', () => {
  it('ends every answer with ok or error, of however many lines it is', () => {
    const terminal = ready('lines-ok');
    expect(terminal.say('SET 40\n')).toBe('ok\r\n');
    expect(terminal.say('GET\n')).toBe('40\r\nok\r\n');
    expect(terminal.say('CONFIG\n')).toBe('max 100\r\nrate 100\r\nok\r\n');
    expect(terminal.say('SET 200\n')).toBe('error: range\r\n');
  });
});

describe('the lines-prompt image', () => {
  it('echoes, answers, and prompts without an end of line', () => {
    const terminal = new Terminal('lines-prompt');
    expect(terminal.heard()).toBe(`${BANNER}> `);
    expect(terminal.say('SET 40\r')).toBe('SET 40\r\n> ');
    expect(terminal.say('GET\r\n')).toBe('GET\r\n40\r\n> ');
    expect(terminal.say('SET 200\r')).toBe('SET 200\r\nerror: range\r\n> ');
  });
});
