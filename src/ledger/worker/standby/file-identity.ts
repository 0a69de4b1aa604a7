import { statSync } from 'node:fs';

/** Which file a path names: SQLite goes on writing happily to one that has no name any more. */
interface Inode {
  readonly device: bigint;
  readonly inode: bigint;
}

/** A database file and its write-ahead log as they were when they were opened. */
export class FileIdentity {
  readonly #file: Inode | null;
  readonly #log: Inode | null;

  constructor(private readonly path: string) {
    this.#file = inodeOf(path);
    this.#log = inodeOf(logOf(path));
  }

  /** What is wrong with the names, as a sentence; null: they still name what was opened. */
  changed(): string | null {
    const file = inodeOf(this.path);
    if (file === null) return 'the file was removed, or its folder was';
    if (!isSame(file, this.#file)) return 'another file lies in its place';
    if (!isSame(inodeOf(logOf(this.path)), this.#log)) return 'its write-ahead log was removed';
    return null;
  }
}

function logOf(path: string): string {
  return `${path}-wal`;
}

function isSame(one: Inode | null, other: Inode | null): boolean {
  return one?.inode === other?.inode && one?.device === other?.device;
}

/** Null when there is none, or when the folder cannot even be asked. */
function inodeOf(path: string): Inode | null {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found === undefined ? null : { device: found.dev, inode: found.ino };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return null;
  }
}
