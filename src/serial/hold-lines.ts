import { execFile } from 'node:child_process';

/** Fifty times what it takes on a Pi. */
const LIMIT_MS = 2_000;

/**
 * Switches off HUPCL, with which every port begins: with it the kernel drops DTR when the last program closes the port,
 * also when that program was killed, and raises it again at the next opening, which is what resets an Uno (R27). The
 * setting stays until the board is unplugged. Call it while the port is open: opening it for this purpose alone would
 * raise DTR too. serialport has an option for it that switches on and never off.
 * @returns null, or why it was not to be had.
 */
export function holdLines(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile('stty', ['-F', path, '-hupcl'], { timeout: LIMIT_MS }, (error, _said, complaint) => {
      if (error === null) resolve(null);
      else if ('code' in error && error.code === 'ENOENT') resolve('there is no stty on this host (package coreutils)');
      else resolve(complaint.trim() === '' ? error.message : complaint.trim());
    });
  });
}
