// Writes the archive a Linux kernel unpacks as its first root (format newc), in plain Node: no root rights are needed.
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FOLDER = 0o040755;
const FILE = 0o100644;
const PROGRAM = 0o100755;
const LINK = 0o120777;
const TRAILER = 'TRAILER!!!';

export class CpioArchive {
  #file;
  #number = 0;
  #folders = new Set();

  constructor(path) {
    this.#file = openSync(path, 'w');
  }

  folder(path) {
    if (path === '.' || this.#folders.has(path)) return;
    this.folder(dirname(path));
    this.#folders.add(path);
    this.#entry(path, FOLDER, Buffer.alloc(0));
  }

  file(path, content, isProgram = false) {
    this.folder(dirname(path));
    this.#entry(path, isProgram ? PROGRAM : FILE, Buffer.from(content));
  }

  link(path, target) {
    this.folder(dirname(path));
    this.#entry(path, LINK, Buffer.from(target));
  }

  /** Everything under `from` that `wanted(relative path)` says yes to; links stay links. */
  tree(from, path, wanted = () => true) {
    for (const name of readdirSync(from).sort()) {
      const [source, target] = [join(from, name), join(path, name)];
      const stat = lstatSync(source);
      if (stat.isDirectory()) this.tree(source, target, wanted);
      else if (!wanted(target)) continue;
      else if (stat.isSymbolicLink()) this.link(target, readlinkSync(source));
      else if (stat.isFile()) this.file(target, readFileSync(source), (stat.mode & 0o111) !== 0);
    }
  }

  close() {
    this.#entry(TRAILER, 0, Buffer.alloc(0));
    closeSync(this.#file);
  }

  #entry(path, mode, content) {
    const name = Buffer.from(`${path}\0`);
    const time = 0; // the same archive from the same files
    const fields = [++this.#number, mode, 0, 0, 1, time, content.length, 0, 0, 0, 0, name.length, 0];
    const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
    this.#write(Buffer.concat([Buffer.from(header), name]));
    this.#write(content);
  }

  /** Every part begins at a multiple of four. */
  #write(part) {
    const rest = (4 - (part.length % 4)) % 4;
    for (const bytes of [part, Buffer.alloc(rest)])
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
  }
}
