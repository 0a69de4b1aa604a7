import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as tool from '#built/sketch/cache/cache.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-cache-'));
  vi.stubEnv('COPYCAT_CACHE', folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('what is kept for later runs', () => {
  it('is made once', async () => {
    const make = vi.fn((path: string) => writeFileSync(path, 'made'));
    const first = await tool.cached('once', 'name', make);
    expect(await tool.cached('once', 'name', make)).toBe(first);
    expect(tool.cachedAtOnce('once', 'name', make)).toBe(first);
    expect(make).toHaveBeenCalledTimes(1);
    expect(readFileSync(first, 'utf8')).toBe('made');
  });

  it('is not there when making it failed, and the next one makes it', async () => {
    const fails = (path: string): void => {
      writeFileSync(path, 'half');
      throw new Error('no compiler');
    };
    await expect(tool.cached('failed', 'name', fails)).rejects.toThrow('no compiler');
    expect(existsSync(join(folder, 'failed', 'name'))).toBe(false);
    const path = await tool.cached('failed', 'name', (half) => writeFileSync(half, 'whole'));
    expect(readFileSync(path, 'utf8')).toBe('whole');
  });

  it('goes when nobody has used it for two weeks and another is made', async () => {
    const [old, used] = [
      tool.cachedAtOnce('old', 'old', (path) => writeFileSync(path, '')),
      tool.cachedAtOnce('old', 'used', (path) => writeFileSync(path, '')),
    ];
    for (const path of [old, used]) utimesSync(path, 0, 0);
    tool.cachedAtOnce('old', 'used', () => undefined);
    tool.cachedAtOnce('old', 'new', (path) => writeFileSync(path, ''));
    expect(readdirSync(join(folder, 'old')).sort()).toEqual(['new', 'used']);
  });

  it('has another name as soon as a byte that it was made from differs', () => {
    const file = join(folder, 'source.c');
    const key = (content: string, ...texts: string[]): string => {
      writeFileSync(file, content);
      return tool.keyOf({ files: [file], texts });
    };
    const keys = [
      key('a'),
      key('b'),
      key('a', 'gcc 1'),
      key('a', 'gcc 2'),
      key('a', 'gcc', ' 1'),
      key('a', 'gcc ', '1'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(key('a', 'gcc 1')).toBe(keys[2]);
  });
});
