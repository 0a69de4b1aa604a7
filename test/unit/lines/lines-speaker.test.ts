import { describe, expect, it } from 'vitest';
import { Conversation, OK, opened, PROMPT, QUERY } from './lines-kit.js';

const HELLO = { kind: 'helloRequest' } as const;

describe('a board that answers lines', () => {
  it('is given a line when the one before is answered, and its answer is all lines up to the end, as they came', () => {
    const talk = opened(OK).input(1, 'SET 40').input(2, '$$');
    expect(talk.wrote()).toEqual(['SET 40\n']);
    expect(talk.hear('ok\r').heard()).toEqual(['#1 "ok\\r\\n"']);
    expect(talk.wrote()).toEqual(['$$\n']);
    expect(talk.hear('$0=1', '', '$1=2', 'ok').heard()).toEqual(['#2 "$0=1\\n$1=2\\nok\\n"']);
  });

  it('refuses, or has not taken, in words of its own', () => {
    const talk = opened(OK).input(1, 'SET 400').hear('error: range').input(2, 'SET 40').hear('busy');
    expect(talk.heard()).toEqual(['#1 "error: range\\n" rejected', '#2 "busy\\n" rejected not-taken']);
  });

  it('says things unasked: to whom they go the core decides, and between lines of an answer they are no part of it', () => {
    const talk = opened(OK).hear('!pin 1', 'what no pattern matches').input(1, 'GET').hear('40', '!pin 0', '.', 'ok');
    expect(talk.heard()).toEqual([
      'said "!pin 1\\n"',
      'said "what no pattern matches\\n"',
      'said "!pin 0\\n"',
      'alive',
      '#1 "40\\nok\\n"',
    ]);
  });

  it('with a pattern for the lines of its answers, what does not match it is no part of them', () => {
    const talk = opened({ ...OK, answer: '^\\d+$' })
      .input(1, 'GET')
      .hear('noise', '40', 'ok');
    expect(talk.heard()).toEqual(['said "noise\\n"', '#1 "40\\nok\\n"']);
  });

  it('answers each line by one line where its profile says so', () => {
    const talk = opened(QUERY).input(1, 'GET').hear('40', '').input(2, 'GET').hear('error: no').hear('!x');
    expect(talk.heard()).toEqual(['#1 "40\\n"', '#2 "error: no\\n" rejected', 'said "!x\\n"']);
  });

  it('R15: an answer for nothing is a failure of the board, and a part of one too', () => {
    expect(opened(OK).hear('ok').heard()).toEqual(['failed answer-for-nothing']);
    expect(opened(OK).input(1, 'GET').hear('ok', 'error').heard()).toEqual(['#1 "ok\\n"', 'failed answer-for-nothing']);
    expect(opened(QUERY).hear('40').heard()).toEqual(['failed answer-for-nothing']);
    expect(
      opened({ ...OK, answer: '^\\d+$' })
        .hear('40')
        .heard(),
    ).toEqual(['failed answer-for-nothing']);
  });

  it('an answer that is longer than it may be is a failure, and takes no more memory', () => {
    const talk = opened(OK)
      .input(1, '$$')
      .hear(...Array<string>(50).fill('$0=12345'), 'ok')
      .input(2, 'GET')
      .hear('ok');
    expect(talk.heard()).toEqual(['failed answer-too-long', '#2 "ok\\n"']);
  });

  it('a line that is longer than it may be is dropped and counted', () => {
    const talk = opened(OK).input(1, 'GET').hear('x'.repeat(42), 'ok');
    expect(talk.heard()).toEqual(['#1 "ok\\n"']);
    expect(talk.counts.overlong).toBe(1);
  });

  it('has so many lines or bytes unanswered as its window says', () => {
    const lines = opened({ ...OK, window: { of: 'lines', most: 2 } });
    for (const seq of [1, 2, 3]) lines.input(seq, `SET ${seq}`);
    expect(lines.wrote()).toEqual(['SET 1\n', 'SET 2\n']);
    expect(lines.hear('ok').wrote()).toEqual(['SET 3\n']);
    expect(lines.hear('ok', 'ok').heard()).toEqual(['#1 "ok\\n"', '#2 "ok\\n"', '#3 "ok\\n"']);

    const bytes = opened({ ...OK, maxLineBytes: 19, window: { of: 'bytes', most: 20 } });
    for (const [seq, length] of [12, 6, 1, 19].entries()) bytes.input(seq + 1, 'x'.repeat(length));
    expect(bytes.wrote().map(({ length }) => length)).toEqual([13, 7]);
    expect(bytes.hear('ok').wrote()).toEqual(['x\n']);
    expect(bytes.hear('ok').wrote()).toEqual([]); // 20 beside 2 would be too much
    expect(
      bytes
        .hear('ok')
        .wrote()
        .map(({ length }) => length),
    ).toEqual([20]);
  });

  it('is not given a line that would be two, and refuses it in its own words', () => {
    const talk = opened(OK).input(1, 'SET 1\nSET 2');
    expect(talk.wrote()).toEqual([]);
    expect(talk.heard()).toEqual(['#1 "error: a line within a line\\n" rejected not-taken']);
    expect(() => talk.input(2, 'x'.repeat(41))).toThrow(RangeError);
  });

  it('R16: a probe of the core is its line that only asks; where there is none nothing is asked', () => {
    const asked = opened({ ...OK, probe: 'GET' }).input(1, '', { probe: true });
    expect(asked.wrote()).toEqual(['GET\n']);
    expect(asked.hear('40', 'ok').heard()).toEqual(['#1 "40\\nok\\n"']);
    const none = opened(OK).input(1, '', { probe: true });
    expect([none.wrote(), none.heard()]).toEqual([[], ['#1 ""']]);
  });

  it('R31: what is given again is given once while its answer may come, and what comes twice then is nobody’s', () => {
    const talk = opened(OK).input(1, 'GET').wait(300_000).input(1, 'GET');
    expect(talk.wrote()).toEqual(['GET\n']);
    talk.wait(300_000).input(1, 'GET').input(2, 'SET 1');
    expect(talk.wrote()).toEqual(['GET\n']);
    talk.hear('ok').wait(50_000).hear('ok').wait(60_000); // the late one, too
    expect([talk.wrote(), talk.heard()]).toEqual([[], ['#1 "ok\\n"']]);
    expect(talk.wait(40_000).wrote()).toEqual(['SET 1\n']);
    expect(talk.hear('ok').heard()).toEqual(['#2 "ok\\n"']);
  });

  it('counts its answers from the opening of its link on', () => {
    const talk = opened(OK).input(1, 'GET').hear('ok').open(2).input(2, 'GET').hear('ok');
    const counts = talk.messages.flatMap((one) =>
      one.kind === 'result' || one.kind === 'hello' ? [one.executionCount] : [],
    );
    expect(counts).toEqual([0, 0, 1, 1, 2]);
  });
});

describe('who a board is', () => {
  const ASKED = { ...OK, identity: ['ID', '$$'], ignore: ['sn=(\\d+)'] };

  it('is asked line by line, and said when nothing that belongs to somebody else comes behind it', () => {
    const talk = new Conversation(ASKED).tell(HELLO);
    expect(talk.wrote()).toEqual(['ID\n']);
    expect(talk.hear('valve7 sn=123', 'ok').wrote()).toEqual(['$$\n']);
    talk.hear('$0=1', 'ok').wait(99_000);
    expect(talk.heard()).toEqual([]);
    expect(talk.wait(2_000).heard()).toEqual(['hello 0']);
    expect(talk.open().heard()).toEqual(['hello 1']);
    expect(talk.wrote()).toEqual([]);
  });

  it('is the same for two boards that differ in what is ignored alone', () => {
    const imageOf = (sn: string, setting: string): number | null | undefined => {
      const talk = new Conversation(ASKED)
        .tell(HELLO)
        .hear(`valve7 sn=${sn}`, 'ok', `$0=${setting}`, 'ok')
        .wait(200_000);
      return talk.messages.flatMap((one) => (one.kind === 'hello' ? [one.imageHash] : []))[0];
    };
    expect(imageOf('123', '1')).toBe(imageOf('9', '1'));
    expect(imageOf('123', '1')).not.toBe(imageOf('123', '2'));
    expect(imageOf('123', '1')).toEqual(expect.any(Number));
  });

  it('without a question a link says that the board is there, and nothing else of it', () => {
    const talk = new Conversation(OK).tell(HELLO);
    expect([talk.wrote(), talk.heard()]).toEqual([[], ['hello 0']]);
    expect(talk.messages[0]).toMatchObject({
      ...{ unit: 0, boot: null, imageHash: null, stateLayout: null, digest: null, kept: [], resetCause: 'unknown' },
    });
  });

  it('is asked again when half a line of somebody before us stood in its buffer, and believed the third time', () => {
    const talk = new Conversation(ASKED).tell(HELLO);
    for (let round = 1; round <= 3; round++) {
      expect(talk.wrote()).toEqual(['ID\n']);
      talk.hear('error: SE ID');
    }
    expect(talk.wrote()).toEqual(['$$\n']);
  });

  it('is asked again when answers to somebody before us come', () => {
    const talk = new Conversation(ASKED).tell(HELLO).hear('ok', 'ok').wait(50_000);
    talk.wrote();
    talk.hear('valve7', 'ok'); // only now: what came before was for others
    expect(talk.wrote()).toEqual([]);
    talk.wait(50_000).hear('$0=1', 'ok').wait(101_000);
    expect(talk.wrote()).toEqual(['ID\n']);
    talk.hear('valve7', 'ok', '$0=1', 'ok').wait(101_000);
    expect(talk.heard()).toEqual(['said "valve7\\n"', 'said "$0=1\\n"', 'hello 0']);
  });

  it('a question that nobody answers is asked again, not before a second has passed', () => {
    const talk = new Conversation(ASKED).tell(HELLO).wait(500_000).tell(HELLO);
    expect(talk.wrote()).toEqual(['ID\n']);
    talk.wait(600_000).tell(HELLO).wait(100_000);
    expect(talk.wrote()).toEqual(['ID\n']);
  });

  it('R14: in a session a question shows that it lives; with a line unanswered the answer to that does', () => {
    const talk = opened({ ...OK, probe: 'GET' }).tell(HELLO);
    expect(talk.wrote()).toEqual(['GET\n']);
    expect(talk.hear('40', 'ok').heard()).toEqual(['hello 1']);
    talk.input(1, 'SET 1').tell(HELLO);
    expect(talk.wrote()).toEqual(['SET 1\n']);
  });

  it('R31: in a session it is asked, too, when an answer counts as lost; which may come yet, and is none to the question', () => {
    const lost = (): Conversation =>
      opened({ ...OK, probe: 'GET' })
        .input(1, 'SET 1')
        .wait(1_000_000)
        .tell(HELLO);
    const silent = lost();
    expect(silent.wrote()).toEqual(['SET 1\n']);
    expect(silent.wait(100_000).wrote()).toEqual(['GET\n']);
    expect(silent.hear('40', 'ok').wait(100_000).heard()).toEqual(['hello 1']);
    const slow = lost().wait(100_000).hear('ok', '40', 'ok').wait(100_000);
    expect(slow.wrote()).toEqual(['SET 1\n', 'GET\n', 'GET\n']);
    slow.heard();
    expect(slow.hear('40', 'ok').wait(100_000).input(2, 'SET 2').hear('ok').heard()).toEqual(['hello 1', '#2 "ok\\n"']);
    expect(lost().wait(10_000).hear('ok').wait(100_000).hear('40', 'ok').wait(100_000).heard()).toEqual(['hello 1']);
  });

  it('its banner is the begin of a new life: said at once, and it says anew who it is before it is given anything', () => {
    const talk = new Conversation(ASKED).tell(HELLO).hear('valve7', 'ok', '$0=1', 'ok').wait(200_000).open();
    talk.input(1, 'SET 1');
    talk.heard();
    talk.wrote();
    expect(talk.hear('valve 1.0').heard()).toEqual(['hello 0']);
    talk.hear('ok', 'settings read').open(2).input(7, 'SET 2');
    expect(talk.wait(99_000).wrote()).toEqual([]);
    expect(talk.wait(2_000).wrote()).toEqual(['ID\n']);
    talk.hear('valve7', 'ok', '$0=1', 'ok').wait(101_000);
    expect(talk.heard()).toEqual(['hello 2']);
    expect(talk.wrote()).toEqual(['$$\n', 'SET 2\n']);
  });

  it('a board that starts while it is asked is asked when it has started', () => {
    const talk = new Conversation(ASKED).tell(HELLO).hear('valve 1.0').wait(101_000);
    expect(talk.wrote()).toEqual(['ID\n', 'ID\n']);
    expect(talk.heard()).toEqual([]);
  });

  it('of an opening that is over nothing is left', () => {
    const talk = opened(OK).input(1, 'GET').hear('half').end().tell(HELLO).open();
    expect(talk.hear('ok').heard()).toEqual(['hello 0', 'hello 1', 'failed answer-for-nothing']);
  });
});

describe('a board with a prompt', () => {
  it('says the line back, then what comes of it, then a prompt: all of that is the answer', () => {
    const talk = opened(PROMPT).input(1, '1+1');
    expect(talk.wrote()).toEqual(['1+1\r']);
    expect(talk.hear('1+', '1\r\n2\r', '\n> ').heard()).toEqual([]);
    expect(talk.wait(21_000).heard()).toEqual(['#1 "1+1\\r\\n2\\r\\n> "']);
  });

  it('a prompt within what it prints is none, as more comes behind it', () => {
    const talk = opened(PROMPT).input(1, 'p').hear('p\r\n> ').wait(10_000).hear('not yet\r\n> ').wait(21_000);
    expect(talk.heard()).toEqual(['#1 "p\\r\\n> not yet\\r\\n> "']);
  });

  it('R15: a prompt for nothing is a failure, and lines for nothing are what it says unasked', () => {
    expect(opened(PROMPT).hear('by itself\r\n').heard()).toEqual(['said "by itself\\r\\n"']);
    expect(opened(PROMPT).hear('\r\n> ').wait(21_000).heard()).toEqual(['said "\\r\\n"', 'failed answer-for-nothing']);
  });

  it('refuses by a line before its prompt; the line that it says back is none, whatever it looks like', () => {
    const talk = opened(PROMPT).input(1, 'valve 1').hear('valve 1\r\nerror: name\r\n> ').wait(21_000);
    talk.input(2, 'error').hear('error\r\n> ').wait(21_000);
    expect(talk.heard()).toEqual(['#1 "valve 1\\r\\nerror: name\\r\\n> " rejected', '#2 "error\\r\\n> "']);
  });

  it('has started when it is at its prompt', () => {
    const talk = opened(PROMPT).hear('valve 2.0\r\n');
    expect(talk.heard()).toEqual(['hello 0']);
    talk.open(2).wait(500_000);
    expect(talk.wrote()).toEqual([]);
    talk.hear('help: ?\r\n> ').wait(101_000);
    expect(talk.wrote()).toEqual(['\r']);
    talk.hear('\r\n> ').wait(200_000);
    expect(talk.heard()).toEqual(['hello 2']);
  });

  it('is asked with an empty line at the begin, and half a line before us is part of that', () => {
    const talk = new Conversation(PROMPT).tell(HELLO);
    expect(talk.wrote()).toEqual(['\r']);
    expect(talk.hear('half\r\n> ').wait(200_000).heard()).toEqual(['hello 0']);
  });
});
