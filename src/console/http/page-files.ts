import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Reply } from '../reply.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};
/** What is smaller is not worth it. */
const LEAST_TO_ZIP = 512;

interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly zipped: Buffer | null;
  readonly etag: string;
}

/**
 * The files of the page, by name. Only what lay in the folder at the start can be had: an address names an entry of a list and never a
 * path, so that none leads out of it.
 */
export class PageFiles {
  readonly #paths: ReadonlyMap<string, string>;
  readonly #kept = new Map<string, { readonly mtimeMs: number; readonly file: PageFile }>();

  constructor(folder: string) {
    this.#paths = new Map(filesIn(folder).map((name) => [`/${name}`, join(folder, name)]));
  }

  get isEmpty(): boolean {
    return this.#paths.size === 0;
  }

  /** Null: there is no such file. */
  reply(path: string, headers: IncomingHttpHeaders): Reply | null {
    const name = path === '/' ? '/index.html' : path;
    const at = this.#paths.get(name);
    if (at === undefined) return null;
    const { type, bytes, zipped, etag } = this.#read(name, at);
    const common = { etag, 'cache-control': 'no-cache', vary: 'accept-encoding' };
    const known = headers['if-none-match'] ?? '';
    if (known.split(/\s*,\s*/).includes(etag)) return { status: 304, type, body: '', headers: common };
    if (zipped !== null && /\bgzip\b/.test(headers['accept-encoding'] ?? '')) {
      return { status: 200, type, body: zipped, headers: { ...common, 'content-encoding': 'gzip' } };
    }
    return { status: 200, type, body: bytes, headers: common };
  }

  #read(name: string, path: string): PageFile {
    const { mtimeMs } = statSync(path);
    const kept = this.#kept.get(name);
    if (kept?.mtimeMs === mtimeMs) return kept.file;
    const bytes = readFileSync(path);
    const zipped = bytes.length < LEAST_TO_ZIP ? null : gzipSync(bytes, { level: 9 });
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    const file = { type: TYPES[extname(name)] ?? 'application/octet-stream', bytes, zipped, etag };
    this.#kept.set(name, { mtimeMs, file });
    return file;
  }
}

/** Empty where there is no such folder: the API is served all the same. */
function filesIn(folder: string): readonly string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replace(/^\/+/, ''));
}
