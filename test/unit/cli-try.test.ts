import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveControl } from '../../src/api/socket/serve-control.js';
import { wordsOfKey } from '../../src/cli/hands/demo-keys.js';
import { loadConfig } from '../../src/config/load/load-config.js';

const MAIN = resolve('dist/cli/main.js');
let folder: string;

const pair = (
  port: (board: string) => string,
): string => `boards: { a: { kind: uno, port: ${port('a')} }, b: { kind: uno, port: ${port('b')} } }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
input: every 100ms
deadline: 50ms
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-try-'));
  writeFileSync(
    join(folder, 'real.yaml'),
    pair((board) => (board === 'a' ? 'usb-1.2' : 'usb-1.3')),
  );
  writeFileSync(
    join(folder, 'copycat.yaml'),
    pair(() => 'emulated'),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function copycat(...words: string[]): { readonly code: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    ...{ cwd: folder, encoding: 'utf8' as const },
    env: { ...process.env, TMPDIR: folder },
  });
  return { code: status, said: stdout + stderr };
}

describe('copycat try', () => {
  it('is never laid on real boards: one sentence, exit 2, whoever runs there', async () => {
    const asked: unknown[] = [];
    const server = await serveControl({
      path: loadConfig(join(folder, 'real.yaml')).controlPath,
      status: () => {
        throw new Error('not asked');
      },
      command: (command) => {
        asked.push(command);
        return Promise.resolve({ done: '' });
      },
    });
    expect(copycat('try', 'halt', 'a', '-c', 'real.yaml')).toEqual({
      code: 2,
      said: 'copycat: the boards of real.yaml are real: nothing is tried on them, and nothing was done; expected boards with port: emulated, such as those of copycat run --demo\n',
    });
    expect(asked).toEqual([]);
    await server.close();
  });

  it('refuses words that say nothing before it asks anybody: one sentence, exit 2', () => {
    expect(copycat('try', 'pin', 'a', 'D14', 'high')).toEqual({
      code: 2,
      said: 'copycat: board a has no pin D14 for an input; expected D2 to D13, or A0 to A5\n',
    });
  });

  it('says how a pair is started where none runs, with exit 1', () => {
    const { code, said } = copycat('try', 'halt', 'a');
    expect(code).toBe(1);
    expect(said).toMatch(/^copycat: no gateway is running: .*; start it: npx copycat run -c copycat.yaml\n$/);
  });
});

describe('copycat run --demo', () => {
  it('is a pair of its own: with a configuration named as well nothing is started', () => {
    const { code, said } = copycat('run', '--demo', '-c', 'copycat.yaml');
    expect(code).toBe(2);
    expect(said).toBe(
      'copycat: the demo is a pair of its own, and copycat.yaml was named as well; expected copycat run --demo, or copycat run -c FILE\n',
    );
    expect(readdirSync(folder).filter((name) => name.startsWith('copycat-demo-'))).toEqual([]);
  });

  it('says in one sentence that there is no place for its folder', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'run', '--demo'], {
      ...{ cwd: folder, encoding: 'utf8' as const },
      env: { ...process.env, TMPDIR: '/nowhere' },
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^copycat: no temporary folder can be made in \/nowhere: [^\n]*; expected TMPDIR [^\n]*\n$/);
  });

  it('has a key for each word, capitals for the other board', () => {
    expect(wordsOfKey('g', 'a', 'b')).toEqual(['resume']);
    expect(wordsOfKey('h', 'a', 'b')).toEqual(['halt', 'a']);
    expect(wordsOfKey('H', 'a', 'b')).toEqual(['halt', 'b']);
    expect(wordsOfKey('G', 'a', 'b')).toBe(null);
  });
});
