import { spawn } from 'node:child_process';
import { setTimeout as pass } from 'node:timers/promises';
import { CopycatError } from '../errors/copycat-error.js';
import { endAfter } from '../programs/end-after.js';
import { isProgram, missingProgram } from '../programs/find-program.js';

export interface FlashCommand {
  /** Program and arguments as boards/KIND/board.json has them, with PORT and IMAGE in their places; no shell reads it. */
  readonly template: string;
  readonly port: string;
  /** An Intel HEX file; absolute. */
  readonly image: string;
  /** A flasher that takes longer is ended. */
  readonly limitMs?: number;
  /** After its port was closed, before the flasher opens it. */
  readonly restMs?: number;
}

/** Thirty times what avrdude takes for the whole flash of an Uno. */
const LIMIT_MS = 240_000;
const REST_MS = 300;
/** What a flasher says last is what went wrong. */
const KEPT_LINES = 4;
const MAX_SAID = 16_384;

/**
 * Runs the flasher of a board kind on a port that nobody has open. Resolves when it says that all went well; rejects with
 * FLASH_FAILED and its own words.
 */
export async function flashSerial({ template, port, image, limitMs, restMs }: FlashCommand): Promise<void> {
  // avrdude takes `:` for its own: flash:w:IMAGE:i.
  if (image.includes(':')) {
    throw new CopycatError('FLASH_FAILED', 'the path of an image to flash may have no colon', { value: image });
  }
  const [program = '', ...rest] = template.split(' ').filter((word) => word !== '');
  const words = rest.map((word) => word.replaceAll('PORT', port).replaceAll('IMAGE', image));
  if (!isProgram(program)) throw new CopycatError('FLASH_FAILED', missingProgram(program), { value: program });
  await pass(restMs ?? REST_MS);
  const { code, said } = await run(program, words, limitMs ?? LIMIT_MS);
  if (code === 0) return;
  const ended = code === null ? 'was ended, as it took too long' : `ended with exit code ${code}`;
  throw new CopycatError('FLASH_FAILED', `${program} ${ended}: ${lastOf(said)}`, {
    value: [program, ...words].join(' '),
  });
}

interface Ended {
  /** Null: it was ended. */
  readonly code: number | null;
  readonly said: string;
}

function run(program: string, words: readonly string[], limitMs: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    endAfter(child, limitMs);
    let said = '';
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-MAX_SAID);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const message = `${program} cannot be run: ${cause.message}`;
      reject(new CopycatError('FLASH_FAILED', message, { value: program, cause }));
    });
    child.once('close', (code) => resolve({ code, said }));
  });
}

function lastOf(said: string): string {
  const lines = said
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length === 0 ? 'it said nothing' : lines.slice(-KEPT_LINES).join(' / ');
}
