import { CopycatError } from '../errors/copycat-error.js';

const KNOWN: readonly (readonly [pattern: RegExp, what: string, expected: string])[] = [
  [/no such file|ENOENT|no such device/i, 'there is no such port', 'a board that is plugged in'],
  [/cannot lock|temporarily unavailable|EBUSY|busy/i, 'another program has it open', 'a port that nobody else uses'],
  [
    /permission denied|EACCES/i,
    'this user may not open it',
    'membership of the group dialout (sudo usermod -aG dialout $USER, then log in again)',
  ],
  [/input\/output error|EIO/i, 'the port does not answer', 'a board that is plugged in'],
  [/not a tty|inappropriate ioctl|ENOTTY/i, 'it is not a serial port', 'a serial port'],
];

/** Turns what the operating system says about opening a port into a sentence for a person. */
export function openError(path: string, cause: unknown): CopycatError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const known = KNOWN.find(([pattern]) => pattern.test(text));
  const what = known === undefined ? text : known[1];
  return new CopycatError('PORT_UNAVAILABLE', `cannot open ${path}: ${what}`, {
    value: path,
    expected: known === undefined ? 'a serial port' : known[2],
    cause,
  });
}
