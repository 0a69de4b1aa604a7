import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { openByteSession } from '../../src/serial/session/byte-session.js';
import type { FreshPort } from '../../src/serial/session/fresh-port.js';
import { holdLines } from '../../src/serial/session/hold-lines.js';
import { parseLine } from '../../src/values/line-settings.js';
import { PosixGateway } from './posix-gateway.js';
import { PseudoTerminal } from './pseudo-terminal.js';

let pair: PosixGateway | null = null;
const toClose: (() => void)[] = [];
afterEach(async () => {
  await pair?.dispose();
  pair = null;
  for (const close of toClose.splice(0).reverse()) close();
});

/** What the kernel says of the terminal that a gateway has open. */
const settingsOf = (path: string): string => execFileSync('stty', ['-F', path, '-a']).toString();

/** One input and its answer. */
async function ask(port: number, line: string): Promise<unknown> {
  const socket = createConnection(port, '127.0.0.1');
  toClose.push(() => socket.destroy());
  socket.write(`${line}\n`);
  for await (const answer of createInterface({ input: socket })) return JSON.parse(answer);
  throw new Error('the gateway hung up');
}

describe('a pair of boards of any make', () => {
  it('joins, is protected, answers, and takes over, at line settings of its own', async () => {
    const board = 'kind: serial, line: 115200-8O2';
    pair = await PosixGateway.start('tcp://127.0.0.1:0', '', undefined, '', undefined, board);
    const running = pair;
    await running.until(() => running.status.protected);
    // A pseudo-terminal has no parity to switch on; that it is to be odd, the rate and two stop bits it keeps.
    const [first] = running.status.boards;
    const said = settingsOf(first?.port?.device ?? '');
    expect(said).toMatch(/^speed 115200 baud/);
    expect(said).toMatch(/(^|\s)parodd\b/m);
    expect(said).toMatch(/(^|\s)cstopb\b/m);
    expect(first?.kind?.name).toBe('serial');
    expect(first?.kind?.notKnown).toContain('whether opening its port restarts it (DTR)');
    expect(await ask(running.port, '{"id":1,"payload":"40069001"}')).toMatchObject({
      id: 1,
      payload: expect.any(String),
    });
    running.heater.boards.find(({ port }) => port === first?.port?.device)?.kill();
    await running.until(() => running.status.primary === 'b');
    expect(await ask(running.port, '{"id":2,"payload":"40069001"}')).toMatchObject({
      id: 2,
      payload: expect.any(String),
    });
  });
});

/** Notes the format that a program asks of a terminal: a pseudo-terminal would not keep its parity and data bits. */
const NOTE_FORMAT = `#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
int tcsetattr(int fd, int when, const struct termios *t) {
  FILE *file = fopen(getenv("NOTE_TO"), "a");
  fprintf(file, "bits=%d parenb=%d parodd=%d cstopb=%d\\n", (t->c_cflag & CSIZE) == CS8 ? 8 : (t->c_cflag & CSIZE) == CS7 ? 7 : 0,
          !!(t->c_cflag & PARENB), !!(t->c_cflag & PARODD), !!(t->c_cflag & CSTOPB));
  fclose(file);
  return ((int (*)(int, int, const struct termios *))dlsym(RTLD_NEXT, "tcsetattr"))(fd, when, t);
}
`;

describe('the settings of a line', () => {
  it.each([
    ['115200-8E1', 'bits=8 parenb=1 parodd=0 cstopb=0'],
    ['19200-7O2', 'bits=7 parenb=1 parodd=1 cstopb=1'],
    ['9600-8N1', 'bits=8 parenb=0 parodd=0 cstopb=0'],
  ])('%s reach the driver', (text, asked) => {
    const folder = mkdtempSync(join(tmpdir(), 'copycat-line-'));
    toClose.push(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'note.c'), NOTE_FORMAT);
    execFileSync('gcc', ['-shared', '-fPIC', '-o', join(folder, 'note.so'), join(folder, 'note.c'), '-ldl']);
    const terminal = new PseudoTerminal();
    toClose.push(() => terminal.unplug());
    const opens = `
      import { openByteSession } from '#built/serial/session/byte-session.js';
      import { parseLine } from '#built/values/line-settings.js';
      (await openByteSession({ path: '${terminal.path}', ...parseLine('${text}') })).close();
    `;
    const env = { ...process.env, LD_PRELOAD: join(folder, 'note.so'), NOTE_TO: join(folder, 'noted') };
    execFileSync(process.execPath, ['--input-type=module', '-e', opens], { env });
    expect(readFileSync(join(folder, 'noted'), 'utf8')).toContain(asked);
  });

  it.each(['1200-8N1', '19200-8N2', '2000000-8N1'])('%s stand in the terminal', async (text) => {
    const terminal = new PseudoTerminal();
    toClose.push(() => terminal.unplug());
    const line = parseLine(text);
    if (line === null) throw new Error(`${text} is no line`);
    const session = await openByteSession({ path: terminal.path, ...line });
    toClose.push(() => session.close());
    const said = settingsOf(terminal.path);
    expect(said).toMatch(new RegExp(`^speed ${line.baudRate} baud`));
    expect(/(^|\s)cstopb\b/m.test(said)).toBe(line.stopBits === 2);
  });

  it('a rate that no table of the system has is still the line’s after its other settings were made', async () => {
    const terminal = new PseudoTerminal();
    toClose.push(() => terminal.unplug());
    const rates: (number | null)[] = [];
    const prepare = async (port: FreshPort): Promise<void> => {
      await holdLines(terminal.path);
      rates.push(await port.actualBaudRate());
    };
    const session = await openByteSession({ path: terminal.path, baudRate: 250_000, prepare });
    toClose.push(() => session.close());
    expect(rates).toEqual([250_000]);
  });
});
