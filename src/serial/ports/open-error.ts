import { type PortConditionName, PortError } from './port-error.js';

type Known = readonly [pattern: RegExp, condition: PortConditionName, what: string, remedy: string];

const KNOWN: readonly Known[] = [
  [
    /no such file|ENOENT|no such device|ENODEV|ENXIO/i,
    'not-there',
    'there is no such port',
    'plug the board in, or name the port that it has: copycat ports shows them',
  ],
  // With lock and TIOCEXCL two ways for another program to say so.
  [
    /cannot lock|temporarily unavailable|EBUSY|busy/i,
    'taken',
    'another program has it open',
    'end that program: copycat ports says which it is',
  ],
  [
    /permission denied|not permitted|EACCES|EPERM/i,
    'permission-denied',
    'this user may not open it',
    'join the group dialout: sudo usermod -aG dialout $USER, then log in again',
  ],
  [
    /input\/output error|EIO/i,
    'does-not-open',
    'the port does not answer',
    'plug the board in; if it is: pull its plug, wait a second, plug it in again',
  ],
  [
    /not a tty|inappropriate ioctl|ENOTTY/i,
    'not-a-port',
    'it is not a serial port',
    'name a serial port: copycat ports shows them',
  ],
  // Last: everything that fails while a rate is set says so.
  [
    /baud ?rate/i,
    'baud-unsupported',
    'its driver does not make this baud rate',
    'use a baud rate that board and converter both make (docs/ports.md), in the sketch and in the configuration',
  ],
];

/** Turns what the operating system says about opening a port into a condition with a name and a sentence for a person. */
export function openError(path: string, cause: unknown): PortError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const [, condition, what, expected] = KNOWN.find(([pattern]) => pattern.test(text)) ?? [
    null,
    'other' as const,
    text,
    'see what copycat doctor says of it',
  ];
  return new PortError(condition, `cannot open ${path}: ${what}`, { value: path, expected, cause });
}
