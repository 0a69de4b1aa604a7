import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readBoardLines } from '../../src/api/socket/read-board-lines.js';
import { serveControl } from '../../src/api/socket/serve-control.js';
import { logText } from '../../src/cli/pair/log-text.js';
import { boardLinesSchema, MOST_LINES_AT_ONCE } from '../../src/control/contract/board-line.js';
import { KeptBoardLines } from '../../src/gateway/log/kept-board-lines.js';
import { logLinkNote } from '../../src/gateway/log/log-lines.js';
import { makeLog } from '../../src/gateway/log/make-log.js';
import { ManualClock } from './manual-clock.js';

const ALL = { board: null, after: {} };

describe('what boards said for people', () => {
  it('R32: is bounded, and a board that talks without end takes nothing from the other', () => {
    const kept = new KeptBoardLines();
    kept.add('b', 'one word');
    for (let line = 1; line <= 10_000; line++) kept.add('a', `level ${line}`);
    kept.add('b', 'and another');
    expect(kept.read({ board: 'b', after: {} }).lines.map(({ text }) => text)).toEqual(['one word', 'and another']);
    const told: string[] = [];
    const after: Record<string, number> = {};
    for (;;) {
      const { lines, more } = kept.read({ board: null, after });
      expect(lines.length).toBeLessThanOrEqual(MOST_LINES_AT_ONCE);
      for (const { board, number, text } of lines) {
        after[board] = number;
        told.push(text);
      }
      if (!more) break;
    }
    // In the order in which they came, the last 500 of the one that talked.
    expect(told).toEqual([
      'one word',
      ...Array.from({ length: 500 }, (_, index) => `level ${9501 + index}`),
      'and another',
    ]);
  });

  it('is asked for over the control socket; a request that makes no sense is told what was expected', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copycat-lines-'));
    const path = join(folder, 'control.sock');
    const kept = new KeptBoardLines();
    kept.add('a', 'level 81');
    kept.add('b', 'level 81');
    const server = await serveControl({
      path,
      status: () => {
        throw new Error('not asked in this test');
      },
      command: () => Promise.resolve({ refused: 'not in this test' }),
      boardLines: (request) => kept.read(request),
    });
    const all = await readBoardLines(path, ALL);
    expect(boardLinesSchema.parse(all).lines).toMatchObject([
      { board: 'a', number: 1, text: 'level 81' },
      { board: 'b', number: 1, text: 'level 81' },
    ]);
    expect((await readBoardLines(path, { board: null, after: { a: 1 } })).lines).toMatchObject([{ board: 'b' }]);
    await expect(readBoardLines(path, { board: null, after: { a: -1 } })).rejects.toMatchObject({
      code: 'USAGE',
      value: expect.stringContaining('expected {"get":"log"}'),
    });
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it('leaves the lines of a takeover their room in the log, however much a board says', () => {
    const written: string[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        written.push(chunk.toString());
        done();
      },
    });
    const { log, close } = makeLog(stream, new ManualClock());
    const word = (line: number): string => [...String(line)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
    for (let line = 0; line < 1000; line++)
      logLinkNote(log, 'a', { kind: 'log', board: 'a', session: 1, text: word(line) }, true);
    log.warn({ to: 'b' }, 'relay commanded');
    close();
    expect(written.filter((line) => line.includes('relay commanded'))).toHaveLength(1);
    expect(written.length).toBeLessThan(200);
    expect(written.at(-1)).toMatch(/"leftOut":\d+/);
  });

  it('is meant for cc_log: one that prints on the link instead is told so, as a warning with what it printed', () => {
    const written: string[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        written.push(chunk.toString());
        done();
      },
    });
    const { log, close } = makeLog(stream, new ManualClock());
    logLinkNote(log, 'a', { kind: 'printed', board: 'a', text: 'level 81' }, true);
    close();
    expect(written.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 40, board: 'a', text: 'level 81', msg: expect.stringMatching(/prints on the link.*cc_log/) },
    ]);
  });

  it('is a line of copycat run in a terminal', () => {
    const time = new Date(2026, 10, 23, 13, 37, 45).getTime();
    const view = { verbose: false, showFault: { command: 'copycat faults show', option: '' } };
    const line = { level: 30, time, kind: 'log', board: 'a', session: 3, text: 'level 81\u001b[2J', msg: 'board' };
    expect(logText(JSON.stringify(line), view)).toBe('13:37:45 a: level 81\\x1b[2J');
  });
});
