import type { FolderTrouble } from '../../private-files/private-folder.js';

/** What the doctor asks of a machine; injected, so that a test can be any machine. Nothing here throws for the world's faults. */
export interface Machine {
  /** The text of a file, at most 256 KiB of it; null when it is not there or may not be read. */
  readFile(path: string): string | null;
  /** The names in a folder; empty when it is not there or may not be read. */
  list(path: string): readonly string[];
  /** Where a path leads when every link is followed; null when there is nothing. */
  resolve(path: string): string | null;
  /** Follows links; null when there is nothing. */
  stat(path: string): FileFacts | null;
  /** Runs a program, for at most two seconds; null when it is not installed. */
  run(program: string, args: readonly string[]): Ran | null;
  /** Room in what holds `path`, or would hold it. */
  space(path: string): Space | null;
  /**
   * Writes a block to a new file in `folder` and waits for the disk, `count` times over; each time in microseconds. The
   * file is removed. A text: why it could not be measured.
   */
  fsyncTimesUs(folder: string, count: number): readonly number[] | string;
  /**
   * Why user `uid` could keep nothing of their own in `folder`; null: they can. For this user it is tried: the folder is made where it
   * is missing, and a file is written and removed. For another user it is looked at.
   */
  privateFolderTrouble(folder: string, uid: number): FolderTrouble | null;
  gpioChips(): readonly GpioChipFacts[];
  /** The parts of this program that are machine code, each loaded once. */
  nativeModules(): readonly NativeModuleFacts[];
  readonly user: UserFacts;
  /** `20.20.0` */
  readonly nodeVersion: string;
}

export interface FileFacts {
  readonly kind: 'file' | 'folder' | 'device' | 'socket' | 'other';
  /** Permission bits, as of chmod. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly inode: number;
  /** `179:2`: the device that holds the file. */
  readonly on: string;
}

export interface Ran {
  /** Null: ended by a signal, or by its time limit. */
  readonly code: number | null;
  readonly out: string;
}

export interface Space {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export interface UserFacts {
  readonly name: string;
  readonly uid: number;
  /** Of this very process: what it may do now, whatever /etc/group says since. */
  readonly gids: readonly number[];
}

export interface NativeModuleFacts {
  /** As npm calls it. */
  readonly name: string;
  /** Why it does not load, and what mends it; null: it does. */
  readonly trouble: string | null;
}

export interface GpioChipFacts {
  /** `/dev/gpiochip0` */
  readonly path: string;
  readonly label: string;
  /** Why it cannot be asked; null: it was. */
  readonly trouble: string | null;
  readonly lines: readonly GpioLineFacts[];
}

export interface GpioLineFacts {
  readonly offset: number;
  /** `GPIO17`; empty: it has none. */
  readonly name: string;
  /** Who holds it, as it calls itself; null: nobody. */
  readonly holder: string | null;
  readonly isOutput: boolean;
}
