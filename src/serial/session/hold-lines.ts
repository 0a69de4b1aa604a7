import { execFile } from 'node:child_process';
import { missingProgram } from '../../programs/find-program.js';
import type { LineSettings } from '../../values/line-settings.js';

/** Fifty times what it takes on a Pi. */
const LIMIT_MS = 2_000;

export interface HeldLines {
  /**
   * HUPCL was off already: DTR has not dropped since a program closed this port, so that this opening has not raised it.
   * Null: not known.
   */
  readonly wasHeld: boolean | null;
  /** Why it cannot be switched off; null: it is off. */
  readonly refusal: string | null;
  /** What the driver has made of the line's format: setting one that it cannot do fails without a word. Null: not known. */
  readonly format: Omit<LineSettings, 'baudRate'> | null;
}

/**
 * Switches off HUPCL, with which every port begins: with it the kernel drops DTR when the last program closes the port,
 * also when that program was killed, and raises it again at the next opening, which is what resets an Uno (R27). The
 * setting stays until the board is unplugged. Call it while the port is open: opening it for this purpose alone would
 * raise DTR too. serialport has an option for it that switches on and never off. Never rejects.
 */
export async function holdLines(path: string): Promise<HeldLines> {
  const settings = await stty(path, '-a');
  const wasHeld = 'failure' in settings ? null : /-hupcl\b/.test(settings.said);
  const format = 'failure' in settings ? null : formatIn(settings.said);
  if (wasHeld === true) return { wasHeld, refusal: null, format };
  const set = await stty(path, '-hupcl');
  return { wasHeld, refusal: 'failure' in set ? set.failure : null, format };
}

/** `-parenb -parodd … cs8 … -cstopb` */
function formatIn(said: string): HeldLines['format'] {
  const is = (word: string): boolean => new RegExp(`(^|\\s)${word}\\b`, 'm').test(said);
  const dataBits = ([5, 6, 7, 8] as const).find((bits) => is(`cs${bits}`));
  if (dataBits === undefined) return null;
  return { dataBits, parity: is('parenb') ? (is('parodd') ? 'odd' : 'even') : 'none', stopBits: is('cstopb') ? 2 : 1 };
}

function stty(path: string, word: string): Promise<{ readonly said: string } | { readonly failure: string }> {
  return new Promise((resolve) => {
    execFile('stty', ['-F', path, word], { timeout: LIMIT_MS }, (error, said, complaint) => {
      if (error === null) resolve({ said });
      else if (error.code === 'ENOENT') resolve({ failure: missingProgram('stty') });
      else resolve({ failure: complaint.trim() === '' ? error.message : complaint.trim() });
    });
  });
}
