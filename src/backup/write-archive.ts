import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { createPrivateFile } from '../private-files/private-file.js';
import { MANIFEST, type Manifest } from './manifest.js';
import { END_BYTES, paddingAfter, tarHeader } from './tar-header.js';

const PIECE_BYTES = 1_048_576;

/** Where the bytes of a file of the archive are. */
export interface ArchivedFile {
  readonly name: string;
  readonly from: string;
}

/** Writes beside `path`, which has all of it or nothing: it gets its name when everything is on the disk. */
export function writeArchive(path: string, manifest: Manifest, files: readonly ArchivedFile[]): void {
  const part = `${path}.part-${process.pid}`;
  rmSync(part, { force: true });
  createPrivateFile(part);
  try {
    const to = openSync(part, 'r+');
    try {
      const nowMs = Date.parse(manifest.madeAt);
      const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
      writeAll(to, tarHeader({ name: MANIFEST, bytes: text.length }, nowMs));
      writeAll(to, text);
      writeAll(to, Buffer.alloc(paddingAfter(text.length)));
      for (const { name, from } of files) {
        const { size } = statSync(from);
        writeAll(to, tarHeader({ name, bytes: size }, nowMs));
        eachPiece(from, (piece) => writeAll(to, piece));
        writeAll(to, Buffer.alloc(paddingAfter(size)));
      }
      writeAll(to, Buffer.alloc(END_BYTES));
      fsyncSync(to);
    } finally {
      closeSync(to);
    }
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

export function hashOf(path: string): string {
  const hash = createHash('sha256');
  eachPiece(path, (piece) => hash.update(piece));
  return hash.digest('hex');
}

function eachPiece(path: string, take: (piece: Buffer) => void): void {
  const from = openSync(path, 'r');
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    for (let length = -1; length !== 0; ) {
      length = readSync(from, piece, 0, piece.length, null);
      take(piece.subarray(0, length));
    }
  } finally {
    closeSync(from);
  }
}

/** A disk that is nearly full takes a part of it. */
export function writeAll(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}
