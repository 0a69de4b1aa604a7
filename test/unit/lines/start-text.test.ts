import { describe, expect, it } from 'vitest';
import { StartText } from '../../../src/link/lines/start-text.js';
import { Conversation, OK, opened, PROMPT } from './lines-kit.js';

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('what a board says when it starts', () => {
  it('is told whole when it has fallen silent, each time anew', () => {
    const talk = new Conversation(OK).hear('', 'valve 1.0', 'limit 90').wait(50_000);
    expect(talk.banners).toEqual([]);
    talk.wait(200_000);
    expect(talk.banners).toEqual(['valve 1.0\nlimit 90\n']);
    talk.hear('valve 1.1').wait(200_000);
    expect(talk.banners.slice(1)).toEqual(['valve 1.1\n']);
  });

  it('has the prompt at its end, where it ends at one', () => {
    const talk = new Conversation({ ...PROMPT, banner: '^Python ' }).hear('\r\nPython 3\r\nhelp()\r\n> ').wait(400_000);
    expect(talk.banners).toEqual(['Python 3\r\nhelp()\r\n> ']);
  });

  it('has no answer to a line that the board read only then', () => {
    const talk = opened(OK).input(1, 'SET 40').hear('valve 1.0', 'ok').wait(300_000);
    expect(talk.banners).toEqual(['valve 1.0\n']);
    // What such a board answers and what it says at its start look the same.
    const prompted = opened({ ...PROMPT, banner: '^Python ' })
      .input(1, 'SET 40')
      .hear('Python 3\r\n40\r\n> ')
      .wait(400_000);
    expect(prompted.banners).toEqual([]);
  });

  it('that ended with its opening is not told', () => {
    expect(new Conversation(OK).hear('valve 1.0').end().wait(400_000).banners).toEqual([]);
  });

  it('is bounded', () => {
    const text = new StartText(8);
    text.add(bytes('x'));
    expect(text.take()).toBeNull();
    text.begin(bytes('valve\n'));
    text.add(bytes('abc'));
    text.add(bytes('d\n'));
    expect(Buffer.from(text.take() ?? []).toString()).toBe('valve\nd\n');
    expect(text.take()).toBeNull();
  });
});
