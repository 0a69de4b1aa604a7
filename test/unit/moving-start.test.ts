import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { movingStart } from '../sim/moving-start.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('the seeds that move with the commit', () => {
  let copy: string;
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'moving-start-'));
    for (const folder of ['src/pair', 'src/simulation'])
      cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
  });
  afterEach(() => rmSync(copy, { recursive: true }));

  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', copy, '-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], {
      encoding: 'utf8',
    });

  it('begin where the commit says, above all seeds that are pinned, and again at the next commit', () => {
    git('init', '-q');
    git('commit', '-q', '--allow-empty', '-m', 'one');
    const { start, of } = movingStart(copy);
    expect(of).toBe(git('rev-parse', 'HEAD').trim());
    expect(start).toBe(1_000_000 + Number.parseInt(of.slice(0, 7), 16));
    expect(movingStart(copy).start).toBe(start);
    git('commit', '-q', '--allow-empty', '-m', 'another');
    expect(movingStart(copy).start).not.toBe(start);
  });

  it('without git begin where the sources say, and elsewhere when one of them has changed', () => {
    const { start, of } = movingStart(copy);
    expect(of).toBe('sources');
    expect(start).toBeGreaterThanOrEqual(1_000_000);
    expect(movingStart(copy).start).toBe(start);
    writeFileSync(join(copy, 'src/pair/step.ts'), '// changed\n');
    expect(movingStart(copy).start).not.toBe(start);
  });
});
