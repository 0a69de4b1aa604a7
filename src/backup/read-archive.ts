import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { CopycatError } from '../errors/copycat-error.js';
import { BACKUP_FORMAT, type BackedUpFile, MANIFEST, type Manifest, manifestSchema } from './manifest.js';
import { BLOCK_BYTES, END_BYTES, paddingAfter, readTarHeader } from './tar-header.js';
import { writeAll } from './write-archive.js';

const PIECE_BYTES = 1_048_576;
/** A manifest says a line or two of each file. */
const MOST_MANIFEST_BYTES = 1_048_576;

interface Place {
  readonly at: number;
  readonly bytes: number;
}

/**
 * A backup that is whole: every file that its manifest names is in it, with the bytes that were put there. Nothing is taken out by a
 * name of the archive's own.
 */
export class Archive {
  private constructor(
    readonly path: string,
    readonly manifest: Manifest,
    readonly file: number,
    private readonly places: ReadonlyMap<string, Place>,
  ) {}

  /** @throws CopycatError BACKUP_UNUSABLE, in one sentence, for what is no backup, cut off, damaged, or of a newer version */
  static open(path: string): Archive {
    let file: number;
    try {
      file = openSync(path, 'r');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      throw unusable(path, code === 'ENOENT' ? 'there is no such file' : message);
    }
    try {
      const places = placesIn(path, file);
      const manifest = manifestOf(path, file, places.get(MANIFEST));
      const archive = new Archive(path, manifest, file, places);
      for (const each of manifest.files) archive.#read(each, () => undefined);
      return archive;
    } catch (error) {
      closeSync(file);
      const { code } = error as NodeJS.ErrnoException;
      if (error instanceof CopycatError || code === undefined) throw error;
      throw unusable(path, code === 'EISDIR' ? 'it is a folder' : (error as Error).message);
    }
  }

  /** Writes it to what `to` is open for. */
  extract(entry: BackedUpFile, to: number): void {
    this.#read(entry, (piece) => writeAll(to, piece));
  }

  close(): void {
    closeSync(this.file);
  }

  #read({ name, bytes, sha256 }: BackedUpFile, take: (piece: Buffer) => void): void {
    const place = this.places.get(name);
    if (place === undefined) throw unusable(this.path, `${name} is not in it`);
    const hash = createHash('sha256');
    let at = place.at;
    for (let left = place.bytes; left > 0; ) {
      const piece = pieceOf(this.file, at, Math.min(PIECE_BYTES, left));
      if (piece.length === 0) break;
      hash.update(piece);
      take(piece);
      at += piece.length;
      left -= piece.length;
    }
    if (place.bytes !== bytes || hash.digest('hex') !== sha256) throw unusable(this.path, `${name} in it is damaged`);
  }
}

function placesIn(path: string, file: number): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const { size } = fstatSync(file);
  for (let at = 0; ; ) {
    const header = pieceOf(file, at, END_BYTES);
    if (header.length === END_BYTES && header.every((byte) => byte === 0)) return places;
    const entry = readTarHeader(header.subarray(0, BLOCK_BYTES));
    if (entry === null && places.size === 0) throw unusable(path, 'it is no backup of Copycat');
    const end = at + BLOCK_BYTES + (entry === null ? 0 : entry.bytes + paddingAfter(entry.bytes));
    if (header.length < END_BYTES || end > size - END_BYTES) throw unusable(path, 'it is cut off');
    if (entry === null) throw unusable(path, 'it is damaged');
    places.set(entry.name, { at: at + BLOCK_BYTES, bytes: entry.bytes });
    at = end;
  }
}

function manifestOf(path: string, file: number, place: Place | undefined): Manifest {
  if (place === undefined || place.bytes > MOST_MANIFEST_BYTES) throw unusable(path, 'it is no backup of Copycat');
  let said: unknown;
  try {
    said = JSON.parse(pieceOf(file, place.at, place.bytes).toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unusable(path, `${MANIFEST} in it is damaged`, error);
  }
  const format = (said as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > BACKUP_FORMAT) {
    throw unusable(path, `it is of a newer Copycat (format ${format}); install that version or a newer one`);
  }
  const read = manifestSchema.safeParse(said);
  if (!read.success) throw unusable(path, `${MANIFEST} in it is damaged`);
  return read.data;
}

function pieceOf(file: number, at: number, bytes: number): Buffer {
  const piece = Buffer.alloc(bytes);
  let length = 0;
  for (let more = -1; more !== 0 && length < bytes; length += more) {
    more = readSync(file, piece, length, bytes - length, at + length);
  }
  return piece.subarray(0, length);
}

function unusable(path: string, why: string, cause?: unknown): CopycatError {
  return new CopycatError('BACKUP_UNUSABLE', `The backup ${path} cannot be used: ${why}. Nothing was changed.`, {
    ...{ value: path, cause },
  });
}
