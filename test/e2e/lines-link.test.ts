import { afterEach, describe, expect, it } from 'vitest';
import { WallClock } from '../../src/clock/clock.js';
import { parseConfig } from '../../src/config/load/load-config.js';
import { type BoardLink, createBoardLink } from '../../src/link/board-link.js';
import { linesDialect } from '../../src/link/lines/lines-dialect.js';
import type { FromBoard } from '../../src/pair/result/messages.js';
import { openSerialSession } from '../../src/serial/session/serial-session.js';
import { until } from '../until.js';
import { PseudoTerminal } from './pseudo-terminal.js';

const INPUTS = 60;

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0).reverse()) close();
});

/** A valve controller whose firmware nobody will change, with what a board is given cut at `end`. */
class Valve {
  readonly terminal = new PseudoTerminal();
  readonly given: string[] = [];
  #level = 0;
  #begun = '';

  constructor(
    end: string,
    private readonly answer: (line: string, level: number) => readonly string[],
  ) {
    toClose.push(() => this.terminal.unplug());
    this.terminal.onData = (bytes) => {
      this.#begun += Buffer.from(bytes).toString('latin1');
      for (let at = this.#begun.indexOf(end); at >= 0; at = this.#begun.indexOf(end)) {
        const line = this.#begun.slice(0, at);
        this.#begun = this.#begun.slice(at + end.length);
        this.#take(line);
      }
    };
  }

  /** In the pieces that it is given in, each a write of its own. */
  say(...pieces: readonly string[]): void {
    for (const piece of pieces) this.terminal.send(Buffer.from(piece, 'latin1'));
  }

  #take(line: string): void {
    this.given.push(line);
    const level = /^SET (\d{1,2})$/.exec(line)?.[1];
    if (level !== undefined) this.#level = Number(level);
    this.say(...this.answer(line, this.#level));
  }
}

/** The link that a configuration makes, and what it has said. */
function linkTo(valve: Valve, protocol: string): { readonly link: BoardLink; readonly heard: string[] } {
  const config = parseConfig(
    `boards:
  a: { kind: serial, port: ${valve.terminal.path}, line: 115200-8N1 }
  b: { kind: serial, port: usb-1.3, line: 115200-8N1 }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
input: 'tcp://127.0.0.1:7400'
protocol: ${protocol}
`,
    'valve.yaml',
    '/srv',
  );
  if (config.protocol.dialect !== 'lines') throw new Error(config.protocol.dialect);
  const dialect = linesDialect(config.protocol);
  const { cut, maxFrameBytes } = dialect;
  const link = createBoardLink({
    ...{ board: 'a', dialect, clock: new WallClock(), retry: { firstUs: 10_000, maxUs: 100_000 } },
    openSession: () => openSerialSession({ path: valve.terminal.path, baudRate: 115_200, cut, maxFrameBytes }),
  });
  toClose.push(() => link.close());
  const heard: string[] = [];
  link.events.subscribe((event) => {
    if (event.type === 'messageReceived') heard.push(inShort(event.message, event.session));
    else heard.push(event.type);
  });
  link.start();
  return { link, heard };
}

function inShort(message: FromBoard, session: number): string {
  if (message.kind === 'result')
    return `#${message.seq} ${Buffer.from(message.parts[0]?.body ?? []).toString('latin1')}`;
  if (message.kind === 'said') return `said ${Buffer.from(message.body).toString('latin1')}`;
  return `${message.kind} ${session}`;
}

async function opened(link: BoardLink, heard: readonly string[]): Promise<void> {
  const has = (what: string) => () => heard.includes(what);
  await until(has('linkOpened'), () => heard);
  link.send(0, { kind: 'helloRequest' });
  link.flush();
  await until(has('hello 0'), () => heard);
  link.send(0, { kind: 'open', newSession: 1, wasSession: 0, boot: null, resume: false, nextSeq: 1 });
  link.flush();
  await until(has('hello 1'), () => heard);
}

function give(link: BoardLink, seq: number, line: string): void {
  const fixed = { probe: false, recall: false, position: 0, pairTimeMs: 0, observed: null };
  link.send(1, { kind: 'input', seq, ...fixed, payload: Buffer.from(line) });
  link.flush();
}

describe('a board that answers lines, over a pseudo-terminal', () => {
  const OK = "{ profile: lines-ok, banner: '^valve ', push: '^!', identity: ['ID'], window: { lines: 4 } }";
  const answerOk = (line: string, level: number) => {
    if (line === 'ID') return ['valve7\r\n', 'ok\r\n'];
    if (line === 'GET') return ['!pi', 'n 1\r', `\n${level}\r\no`, 'k\r\n'];
    return [/^SET \d{1,2}$/.test(line) ? 'ok\r\n' : 'error: range\r\n'];
  };

  it('gives each input its own answer, in order, however its bytes are cut on the way', async () => {
    const valve = new Valve('\n', answerOk);
    const { link, heard } = linkTo(valve, OK);
    await opened(link, heard);
    const lines = Array.from({ length: INPUTS }, (_, at) => ['SET 7', 'GET', `SET ${100 + at}`][at % 3] ?? '');
    for (const [at, line] of lines.entries()) {
      give(link, at + 1, line);
      if (at >= 3)
        await until(
          () => heard.some((one) => one.startsWith(`#${at - 2} `)),
          () => heard.slice(-5),
          0,
        );
    }
    await until(
      () => heard.some((one) => one.startsWith(`#${INPUTS} `)),
      () => heard.slice(-5),
    );
    expect(heard.filter((one) => one.startsWith('#'))).toEqual(
      lines.map((_, at) => `#${at + 1} ${['ok\r\n', '7\r\nok\r\n', 'error: range\r\n'][at % 3]}`),
    );
    expect(heard.filter((one) => one.startsWith('said'))).toHaveLength(INPUTS / 3);
    expect(valve.given).toEqual(['ID', ...lines]);
    expect(link.counters).toMatchObject({ overlong: 0, droppedWrites: 0 });
  });

  it('its banner ends its session, and an answer for nothing is told', async () => {
    const valve = new Valve('\n', answerOk);
    const { link, heard } = linkTo(valve, OK);
    await opened(link, heard);
    valve.say('ok\r\n');
    await until(
      () => heard.includes('failed 1'),
      () => heard,
    );
    const before = heard.filter((one) => one === 'hello 0').length;
    valve.say('val', 've 1.0\r\n');
    await until(
      () => heard.filter((one) => one === 'hello 0').length > before,
      () => heard,
    );
  });

  it('with a prompt, which has no end of a line: the answer is all up to it', async () => {
    const prompting = (line: string) => [`${line}\r\n`, ...(line === '1+1' ? ['2\r', '\n'] : []), '>>', '> '];
    const valve = new Valve('\r', prompting);
    const { link, heard } = linkTo(valve, '{ profile: prompt }');
    await opened(link, heard);
    give(link, 1, '1+1');
    await until(
      () => heard.some((one) => one.startsWith('#1')),
      () => heard,
    );
    expect(heard.filter((one) => one.startsWith('#'))).toEqual(['#1 1+1\r\n2\r\n>>> ']);
    expect(valve.given).toEqual(['', '1+1']);
  });
});
