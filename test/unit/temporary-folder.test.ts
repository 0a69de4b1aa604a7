import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CopycatError } from '../../src/errors/copycat-error.js';
import { makeTemporaryFolder } from '../../src/private-files/temporary-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-temporary-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function refusal(TMPDIR: string, socket?: string): CopycatError {
  vi.stubEnv('TMPDIR', TMPDIR);
  try {
    makeTemporaryFolder('copycat-x-', socket);
  } catch (error) {
    if (error instanceof CopycatError) return error;
    throw error;
  }
  throw new Error('it was made');
}

describe('a temporary folder', () => {
  it.each(['/nowhere', '/proc'])('that cannot be made in %s is refused in one sentence of the user’s', (place) => {
    const { code, message, expected } = refusal(place);
    expect(code).toBe('USAGE');
    expect(message).toMatch(new RegExp(`^no temporary folder can be made in ${place}: `));
    expect(expected).toContain('TMPDIR');
  });

  it('has room for the socket that is to be in it, or is not made', () => {
    const socket = 's'.repeat(107 - join(folder, 'copycat-x-XXXXXX').length - 1);
    vi.stubEnv('TMPDIR', folder);
    rmSync(makeTemporaryFolder('copycat-x-', socket), { recursive: true });
    const { code, message } = refusal(folder, `${socket}s`);
    expect(code).toBe('USAGE');
    expect(message).toContain('too long for a socket');
    expect(readdirSync(folder)).toEqual([]);
  });
});
