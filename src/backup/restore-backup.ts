import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CopycatError } from '../errors/copycat-error.js';
import { type RestoredLedger, restoreLedger } from '../ledger/copies/restored-ledger.js';
import { FileLocks } from '../ledger/file-locks.js';
import { createPrivateFile } from '../private-files/private-file.js';
import { ensurePrivateFolder, userLockFolder } from '../private-files/private-folder.js';
import type { BackedUpFile, Manifest } from './manifest.js';
import { Archive } from './read-archive.js';

export interface RestoreOptions {
  readonly path: string;
  /** Where the configuration goes; null: by the name it had, in this folder. */
  readonly config: string | null;
  readonly force: boolean;
  readonly nowMs?: number;
  readonly lockFolder?: string | null;
}

export interface Restored extends RestoredLedger {
  readonly manifest: Manifest;
  /** Where the configuration is now. */
  readonly config: string;
  readonly written: readonly string[];
  /** What was there before is kept under these names. */
  readonly keptAs: readonly string[];
}

interface Target {
  readonly entry: BackedUpFile;
  readonly to: string;
  readonly part: string;
}

/** A database's own, which must not come to lie beside another one. */
const BESIDE = ['', '-wal', '-shm'];

/**
 * Puts a backup back. All of it is written beside its places and checked before the first file gets its name.
 * @throws CopycatError USAGE where files are there already; LEDGER_LOCKED where a gateway uses the ledger; BACKUP_UNUSABLE;
 * BACKUP_FAILED when it cannot be written: everything is as it was then
 */
export function restoreBackup(options: RestoreOptions): Restored {
  const archive = Archive.open(options.path);
  const locks = new FileLocks(options.lockFolder === undefined ? userLockFolder() : options.lockFolder);
  const parts: string[] = [];
  try {
    const { manifest } = archive;
    const targets = targetsOf(manifest, options.config);
    const there = targets.filter(({ entry, to }) => entry.kind !== 'journal' && existsSync(to)).map(({ to }) => to);
    if (there.length > 0 && !options.force) {
      throw new CopycatError(
        'USAGE',
        `${there.join(', ')} ${there.length === 1 ? 'is' : 'are'} there already: --force keeps what is there under another name, and puts the backup in its place`,
      );
    }
    const ledger = targets.find(({ entry }) => entry.kind === 'ledger');
    const config = targets.find(({ entry }) => entry.kind === 'configuration');
    if (ledger === undefined || config === undefined) {
      throw new CopycatError(
        'BACKUP_UNUSABLE',
        `The backup ${options.path} cannot be used: it has no ledger or no configuration.`,
      );
    }
    for (const { to } of targets) mkdirSync(dirname(to), { recursive: true });
    takeLedger(ledger.to, locks, options.lockFolder);
    for (const { entry, part } of targets) {
      parts.push(part);
      extract(archive, entry, part);
    }
    const journal = targets.find(({ entry }) => entry.kind === 'journal')?.part ?? null;
    const restored = restoreLedger(
      { ledger: ledger.part, journal },
      { madeAt: manifest.madeAt, nowMs: options.nowMs ?? Date.now() },
    );
    sync(ledger.part);
    const wanted = targets.filter(({ entry }) => entry.kind !== 'journal');
    const keptAs = wanted.flatMap(({ entry, to }) => keep(to, entry.kind === 'ledger'));
    // The configuration last: without it nobody starts a gateway on what is half there.
    const inOrder = wanted.toSorted((one, other) => rank(one) - rank(other));
    for (const { part, to } of inOrder) renameSync(part, to);
    for (const folder of new Set(wanted.map(({ to }) => dirname(to)))) sync(folder);
    return { ...restored, manifest, config: config.to, written: inOrder.map(({ to }) => to), keptAs };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof CopycatError || code === undefined) throw error;
    throw new CopycatError('BACKUP_FAILED', `The backup ${options.path} could not be put back: ${message}.`, {
      cause: error,
    });
  } finally {
    for (const part of parts) for (const suffix of [...BESIDE, '-journal']) rmSync(part + suffix, { force: true });
    locks.releaseAll();
    archive.close();
  }
}

function rank({ entry: { kind } }: Target): number {
  return kind === 'configuration' ? 2 : kind === 'ledger' ? 1 : 0;
}

function targetsOf({ files }: Manifest, config: string | null): Target[] {
  const own = files.find(({ kind }) => kind === 'configuration')?.place ?? 'copycat.yaml';
  const home = dirname(resolve(config ?? own));
  return files.map((entry, index) => {
    const to = entry.kind === 'configuration' ? resolve(config ?? own) : resolve(home, entry.place);
    return { entry, to, part: join(dirname(to), `.restoring-${process.pid}-${index}`) };
  });
}

/** A gateway that runs on what is there has it locked; one cannot be started on it meanwhile. */
function takeLedger(path: string, locks: FileLocks, lockFolder: string | null | undefined): void {
  const folder = lockFolder === undefined ? userLockFolder() : lockFolder;
  if (folder !== null) ensurePrivateFolder(folder);
  locks.takeBeside(path);
  if (existsSync(path)) locks.take(path);
}

function extract(archive: Archive, entry: BackedUpFile, part: string): void {
  rmSync(part, { force: true });
  createPrivateFile(part);
  const file = openSync(part, 'r+');
  try {
    archive.extract(entry, file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** @returns what it is called now; nothing: there was none */
function keep(path: string, isLedger: boolean): string[] {
  const suffixes = (isLedger ? BESIDE : ['']).filter((suffix) => existsSync(path + suffix));
  if (suffixes.length === 0) return [];
  let number = 1;
  while (existsSync(`${path}.before-restore-${number}`)) number++;
  const kept = `${path}.before-restore-${number}`;
  for (const suffix of suffixes) renameSync(path + suffix, kept + suffix);
  return [kept];
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
