import { lstatSync, mkdtempSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CopycatError } from '../../errors/copycat-error.js';

/** A page that is going to be written: whole, or not at all. */
export interface PlotFile {
  write(page: string): void;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it is on a file system that is read-only',
  ENOSPC: 'the disk is full',
};

/**
 * Sees before anything runs that the page can be written: a bench takes minutes.
 * @throws CopycatError USAGE, with why it cannot
 */
export function plotFile(shown: string): PlotFile {
  const path = resolve(shown);
  const cannot = (why: string, cause?: unknown): CopycatError =>
    new CopycatError('USAGE', `the page ${shown} cannot be written: ${why}`, { cause });
  const attempt = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (error instanceof CopycatError || code === undefined) throw error;
      throw cannot(REASONS[code] ?? message, error);
    }
  };
  attempt(() => {
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (there !== undefined && !there.isFile() && !there.isSymbolicLink()) {
      throw cannot(there.isDirectory() ? 'it is a folder' : 'something else than a file has that name');
    }
    rmdirSync(mkdtempSync(`${path}.`));
  });
  return {
    write: (page) =>
      attempt(() => {
        // Beside it, so that it takes its place in one step; in a folder of its own, so that it takes nobody else's.
        const folder = mkdtempSync(join(dirname(path), `${basename(path)}.`));
        try {
          const half = join(folder, 'page');
          writeFileSync(half, page);
          renameSync(half, path);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      }),
  };
}
