import { existsSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { loadConfig } from '../config/load/load-config.js';
import { suppliedImage } from '../config/load/supplied-images.js';
import { CopycatError } from '../errors/copycat-error.js';
import { copyLedger } from '../ledger/copies/copy-ledger.js';
import { BACKUP_FORMAT, type BackedUpFile, type Manifest } from './manifest.js';
import { hashOf, writeArchive } from './write-archive.js';

export interface BackupOptions {
  /** The configuration, and where the backup goes. */
  readonly config: string;
  readonly path: string;
  readonly force: boolean;
  readonly madeBy: string;
  readonly nowMs?: number;
}

interface Found {
  readonly kind: BackedUpFile['kind'];
  readonly name: string;
  readonly from: string;
  /** Where it belongs. */
  readonly place: string;
}

/**
 * Configuration, ledger and images of a pair in one file, while its gateway runs or when none does. What the program itself brings
 * along is not in it.
 * @throws CopycatError BACKUP_FAILED when it cannot be written: `path` is as it was then
 */
export async function makeBackup({ config: file, path, force, madeBy, nowMs }: BackupOptions): Promise<Manifest> {
  const config = loadConfig(file);
  refuseTarget(path, file, config, force);
  let folder: string | null = null;
  try {
    // Beside the backup: where that has room, the copies have.
    folder = mkdtempSync(`${resolve(path)}.copies-`);
    const copies = await copyLedger(config.ledger.path, folder);
    const found: Found[] = [
      { kind: 'configuration', name: 'copycat.yaml', from: file, place: resolve(file) },
      { kind: 'ledger', name: 'ledger.sqlite', from: copies.ledger, place: config.ledger.path },
      ...(copies.journal === null
        ? []
        : [{ kind: 'journal' as const, name: 'journal.sqlite', from: copies.journal, place: config.ledger.path }]),
      ...namedFiles(config),
    ];
    const home = dirname(resolve(file));
    const there = found.filter(({ from }) => existsSync(from));
    const missing = found.filter(({ from }) => !existsSync(from));
    const files = there.map(
      ({ kind, name, from, place }): BackedUpFile => ({
        ...{ kind, name, place: placeFrom(home, place), bytes: statSync(from).size, sha256: hashOf(from) },
      }),
    );
    const manifest: Manifest = {
      format: BACKUP_FORMAT,
      madeAt: new Date(nowMs ?? Date.now()).toISOString(),
      ...{ madeBy, pair: config.name, ledgerSchema: copies.schema, files },
      notes: [...copies.notes, ...missing.map(({ from }) => `${from} is not there: it is not in the backup`)],
    };
    writeArchive(path, manifest, there);
    return manifest;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof CopycatError || code === undefined) throw error;
    throw new CopycatError(
      'BACKUP_FAILED',
      `The backup ${path} could not be written: ${message}. Nothing was changed.`,
      {
        ...{ value: path, cause: error },
      },
    );
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

/** What the configuration names and the program does not bring along, each once. */
function namedFiles({ boards, thirdCopy, inputs }: Config): Found[] {
  const images = [...boards.map(({ firmware }) => firmware), thirdCopy?.image ?? null];
  const tokens = inputs.map((input) => ('access' in input ? input.access.tokenFile : null));
  const once = (paths: readonly (string | null | undefined)[]): string[] => [
    ...new Set(paths.filter((path) => path != null)),
  ];
  const named = (kind: Found['kind'], folder: string, paths: readonly string[]): Found[] =>
    paths.map((path, index) => ({ kind, name: `${folder}/${index + 1}-${plainName(path)}`, from: path, place: path }));
  return [
    ...named(
      'image',
      'images',
      once(images).filter((path) => suppliedImage(path) === null),
    ),
    ...named('board', 'boards', once(boards.map(({ kindFile }) => kindFile))),
    ...named('tokens', 'tokens', once(tokens)),
  ];
}

/** Short, and of letters that every archive bears. */
function plainName(path: string): string {
  return basename(path)
    .replace(/[^\w.-]/g, '_')
    .slice(-60);
}

/** A folder that moves takes along what lies in it. */
function placeFrom(home: string, path: string): string {
  const inside = relative(home, path);
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}

function refuseTarget(path: string, file: string, { ledger }: Config, force: boolean): void {
  const target = resolve(path);
  const folder = dirname(target);
  if (!existsSync(folder)) {
    throw new CopycatError('USAGE', `there is no folder ${folder} for the backup`, { value: path });
  }
  const own = [resolve(file), ledger.path].filter(existsSync).map((known) => realpathSync(known));
  if (own.includes(join(realpathSync(folder), basename(target)))) {
    throw new CopycatError('USAGE', `${path} is what is to be backed up: name another file`, { value: path });
  }
  if (existsSync(target) && !force) {
    throw new CopycatError('USAGE', `${path} is there already: name another file, or write over it with --force`, {
      value: path,
    });
  }
}
