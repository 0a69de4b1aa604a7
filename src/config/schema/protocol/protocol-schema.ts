import { z } from 'zod';
import { ANSWER_ENDS, PROFILE_DIALECTS } from '../../protocol-config.js';
import { DURATION, duration, group, number, oneOf, positiveDuration, text, wholeNumber } from '../schema-parts.js';
import { bytesText, capture, pattern } from './pattern-schema.js';
import { ranges, registerOf, registerShape, registerSign, singleAddress } from './register-schema.js';

/**
 * What boards with firmware of their own speak: `protocol:` of the configuration, and each file of boards/profiles, from which it takes
 * what it does not say itself. Which key belongs to which dialect: load/protocol/protocol-of.ts.
 */

export const NONE_OR_PATTERN = "start, none, or a pattern between slashes, such as '/^HOME$/'";
const LINE_TEXT = 'a line without its end, of at most 250 characters';

const lineText = (description: string) =>
  z
    .string({ error: LINE_TEXT })
    .regex(/^[^\r\n]{1,250}$/, { error: LINE_TEXT })
    .meta({ description });

const lineTexts = (description: string) =>
  z.array(lineText('A line.'), { error: "a list of lines, such as ['$I', '$$']" }).meta({ description });

const window = group(
  {
    lines: wholeNumber(1, 64, 'So many lines may be unanswered at once.').optional(),
    bytes: wholeNumber(
      2,
      65_535,
      "Bytes of the board's receive buffer that may be unread at once, ends of lines included: one less than it has, as many lose what fills the last one.",
    ).optional(),
  },
  'one of lines and bytes: { lines: 1 }',
  'How much may be given to a board before it has answered.',
)
  .refine(({ lines, bytes }) => (lines === undefined) !== (bytes === undefined), {
    error: 'one of lines and bytes: { lines: 1 }',
  })
  .transform(({ lines, bytes }) =>
    lines === undefined ? { of: 'bytes' as const, most: bytes ?? 0 } : { of: 'lines' as const, most: lines },
  );

const resync = group(
  {
    from: z
      .string({ error: NONE_OR_PATTERN })
      .regex(/^(start|none|\/.+\/)$/, { error: NONE_OR_PATTERN })
      .transform((said): 'start' | 'none' | string => said)
      .pipe(
        z.union([z.enum(['start', 'none']), pattern('').transform((source) => ({ pattern: source }))], {
          error: NONE_OR_PATTERN,
        }),
      )
      .meta({
        description:
          'What a board that joins is given again, so that it stands as the primary does. start: it is waited for until it has just started (its banner says so, or the gateway restarts it through its RESET), and given all inputs since the pair began. A pattern: those from the last one on that it matches, with which its state is known (a home command, a reset). none: nothing; a board is compared as it stands.',
      })
      .optional(),
    pace: oneOf(
      ['full', 'recorded'],
      'full: as fast as it answers. recorded: none sooner behind another than it was then; it has caught up when the program pauses for longer than the board is behind.',
    ).optional(),
    preamble: lineTexts('Lines that come before them. An answer that refuses one ends the attempt.').optional(),
  },
  'the keys of resync: { from: none }',
  'How a board that joins is brought to where the primary is.',
);

const ONE_PLACE = "one of pattern, holding and input: { pattern: 'flow=([0-9.]+)', by: 0.5 }";

const tolerance = group(
  {
    pattern: capture('In an answer of text: its group is the number.').optional(),
    ...registerShape,
    name: z.string({ error: 'a name' }).meta({ description: 'What a person calls it.' }).default(''),
    unit: z.string({ error: 'a unit, such as degC' }).meta({ description: 'Its unit, for people.' }).default(''),
    scale: number('Of a register: what one step is worth, in units.')
      .refine((scale) => scale !== 0, { error: 'a number that is not 0' })
      .default(1),
    by: number('Two boards may differ by so much, in units.').positive({ error: 'a number above 0' }),
  },
  ONE_PLACE,
  'A number in which two boards may differ.',
)
  .refine((said) => [said.pattern, said.holding, said.input].filter((one) => one !== undefined).length === 1, {
    error: ONE_PLACE,
  })
  .transform((said) => {
    const { name, unit, scale, by } = said;
    if (said.pattern !== undefined) {
      const called = name === '' ? said.pattern : name;
      return { of: 'text' as const, field: { name: called, unit, pattern: said.pattern, tolerance: by } };
    }
    const place = registerOf(said);
    const called = name === '' ? `${place.space} ${place.address}` : name;
    return { of: 'register' as const, field: { ...place, name: called, unit, scale, tolerance: by } };
  });

const IDENTITY = "a list of lines, such as ['$I', '$$'], or of slaves one of device, server-id, none";

const IGNORE = "a list of patterns ('T:[0-9.]+') or of registers ({ input: 3 })";

const pduLength = (description: string) =>
  z
    .union(
      [
        wholeNumber(0, 252, 'Always so many bytes behind the function code.'),
        group(
          { 'count-at': wholeNumber(0, 251, 'Which byte behind the function code counts those that follow it.') },
          'a number of bytes, or { count-at: 0 }',
          'A byte of it says how long it is.',
        ),
      ],
      { error: 'a number of bytes, or { count-at: 0 }' },
    )
    .transform((said) => (typeof said === 'number' ? { bytes: said } : { countAt: said['count-at'] }))
    .meta({ description });

const CODES = 'function codes and their lengths: { 65: { request: 4, answer: { count-at: 0 } } }';

const codes = z
  .record(
    z.string().regex(/^([1-9]|[1-9]\d|1[01]\d|12[0-7])$/, { error: 'a function code from 1 to 127' }),
    group(
      { request: pduLength('Length of a request.'), answer: pduLength('Length of an answer.') },
      CODES,
      'Lengths behind the function code, without the checksum.',
    ),
    { error: CODES },
  )
  .transform((said) => new Map(Object.entries(said).map(([code, lengths]) => [Number(code), lengths])))
  .meta({ description: 'modbus: lengths of frames with other function codes than 1 to 6, 15 to 17, 22, 23 and 43.' });

const shape = {
  dialect: oneOf(PROFILE_DIALECTS, 'In the file of a profile: what it is a profile of.').optional(),
  deadline: z
    .string({ error: `${DURATION}, or none` })
    .regex(/^(none|\d+(?:\.\d+)?(us|ms|s|min))$/, { error: `${DURATION}, or none` })
    .pipe(z.union([z.literal('none'), positiveDuration('')], { error: `${DURATION}, longer than nothing, or none` }))
    .meta({
      description:
        'How long a board may take for one input before it is declared failed. none (lines only): as long as it likes, while it shows that it is alive.',
    })
    .optional(),
  settle: duration(
    'How long a board that has joined must have run beside the primary before it counts as protecting the pair: what was not copied to it (integrators, ramps, timers) has come to the same by then.',
  ).optional(),
  ignore: z
    .union(
      [
        z.array(z.union([pattern('What is not compared.'), ranges('Not compared.')], { error: IGNORE }), {
          error: IGNORE,
        }),
      ],
      {
        error: IGNORE,
      },
    )
    .meta({
      description:
        'What is not compared of answers: serial numbers, clocks, counters. Of a pattern with groups they alone, of one without all of it.',
    })
    .optional(),
  tolerance: z
    .array(tolerance, { error: `a list, each ${ONE_PLACE}` })
    .meta({ description: 'Numbers in which two boards may differ by a little.' })
    .optional(),
  'answer-ends': oneOf(
    ANSWER_ENDS,
    'lines: what ends an answer. done: a line that matches done, error or not-taken. line: each line that matches no other pattern is an answer. prompt: prompt.',
  ).optional(),
  delimiter: bytesText('lines: what ends a line of the board.').optional(),
  'line-end': bytesText('lines: what is put behind each line to the board.').optional(),
  done: pattern('lines: a line that ends an answer.').optional(),
  error: pattern('lines: a line that ends an answer, with which the board refuses what it was given.').optional(),
  'not-taken': pattern(
    'lines: a line that ends an answer, by which the board says that it has not taken what it was given (busy, bad checksum, overflow): it has executed nothing.',
  ).optional(),
  answer: pattern(
    'lines: lines of an answer before its end. Left out: all lines that match nothing else, while an answer is due.',
  ).optional(),
  push: pattern(
    'lines: what a board says unasked. It goes to every client, from the primary alone, and is not compared. With done, what matches nothing at all is such a line too.',
  ).optional(),
  banner: pattern(
    'lines: what a board says when it starts. Said while it works it means that the board has restarted, and lost its state.',
  ).optional(),
  'keep-alive': pattern('lines: what a board says while it works: a sign of life that answers nothing.').optional(),
  prompt: pattern(
    'lines, answer-ends: prompt: what a board that waits for a line says without ending it, from the begin of a line to its end.',
  ).optional(),
  'prompt-quiet': duration(
    'lines: an answer that a prompt ends is whole when nothing follows it for so long.',
  ).optional(),
  'start-quiet': duration(
    'lines: what a board says after its banner belongs to its start, until it is silent for so long. Default: 100ms.',
  ).optional(),
  identity: z
    .union(
      [
        lineTexts('lines: lines that only ask.'),
        oneOf(['device', 'server-id', 'none'], 'modbus: by which function a slave says who it is.'),
      ],
      { error: IDENTITY },
    )
    .meta({
      description:
        'What each board that joins is asked; boards that answer it differently are no pair. lines: lines that only ask; what is ignored of answers is ignored of these. modbus: device (43/14: vendor, product code, revision), server-id (17: all of its bytes) or none; a slave that does not know the function is not refused for that. Default: nothing is asked.',
    })
    .optional(),
  probe: z
    .union(
      [
        z
          .string()
          .regex(/^[^\r\n]{0,250}$/, { error: LINE_TEXT })
          .meta({ description: 'lines: a line.' }),
        singleAddress('modbus: one address.'),
      ],
      {
        error: 'a line that only asks, or one address of a slave: { holding: 0 }',
      },
    )
    .meta({
      description:
        'lines: a line that only asks, given to a board to find out whether it is alive. Default: the first of identity. modbus: where a slave is asked whether it is there, one address ({ holding: 0 }); what is read and compared of an idle slave is watch and restart-sign. Default: the first of watch, else restart-sign, else holding register 0.',
    })
    .optional(),
  'may-repeat': pattern(
    'lines: lines that only ask, and may be given again when their answer is lost. Left out: none; nothing is ever given twice.',
  ).optional(),
  window: window.optional(),
  'max-line': wholeNumber(1, 250, 'lines: longest line to a board and from one, in bytes, without its end.').optional(),
  'max-answer': wholeNumber(1, 65_536, 'lines: longest answer, in bytes; more is a failure of the board.').optional(),
  resync: resync.optional(),
  refusal: z
    .string({ error: 'the words of a refusal, such as "error: REASON"' })
    .regex(/^[^\r\n]*$/, { error: 'one line' })
    .meta({
      description:
        'lines: what a client is told of a line that is not given to a board; REASON stands for why. Empty: nothing.',
    })
    .optional(),
  turnaround: duration('modbus: a broadcast counts as done after so long.').optional(),
  'answer-within': positiveDuration(
    'modbus: on RTU an answer that is later than this after its request is withheld, as the master may ask something else by then.',
  ).optional(),
  'upstream-silence': positiveDuration(
    'modbus: when no master has asked for so long, the gateway falls silent too, so that the watchdogs of the slaves see it. Default: three usual periods.',
  ).optional(),
  'read-from': oneOf(
    ['both', 'primary'],
    'modbus: whether the backup is given copies of reads. primary: only of writes; then watch is what compares the two.',
  ).optional(),
  codes: codes.optional(),
  'clear-on-read': ranges('modbus: registers that a read changes: never asked a second time.').optional(),
  pulse: ranges(
    'modbus: registers and coils whose write must not happen twice: unanswered at a takeover it waits for a person.',
  ).optional(),
  watch: ranges('modbus: what the gateway itself reads of both slaves and compares.').optional(),
  written: ranges(
    'modbus: registers that read back what was last written to them: one that does not is wrong.',
  ).optional(),
  'restart-sign': registerSign(
    'modbus: a register that only a restart makes smaller (an uptime), or that changes at each (a count of starts).',
  ).optional(),
  join: group(
    { copy: ranges('Copied from the primary, in this order, as far as they differ.') },
    'the registers to copy: { copy: [{ holding: 0-9 }] }',
    'modbus: how a slave that joins is brought to where the primary is. Never by default.',
  ).optional(),
};

const WHOLE = 'the keys of a protocol: { profile: lines-ok }';
const MEANING = 'What boards speak whose firmware is their own (boards/profiles). Left out: the firmware harness.';

export const protocolSchema = group(
  { profile: text('a profile', 'Where what is not said here comes from: one of those that come along.'), ...shape },
  WHOLE,
  MEANING,
);

/** What the file says, or a profile. */
export type SaidProtocol = z.output<typeof protocolSchema>;
