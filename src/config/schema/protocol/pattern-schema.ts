import { z } from 'zod';
import { compilePattern, type Pattern } from '../../../protocol/lines/pattern.js';
import { matchesEmpty, matchesNoLine } from '../../../protocol/lines/pattern-checks.js';

/** The part of the schema that says what lines of a board look like. */

const PATTERN = "a pattern in quotes, such as '^ok$'";

/** What was expected of it instead, as the second half of a sentence; null: it is one. */
function whyNot(source: string): string | null {
  const pattern = compilePattern(source);
  if ('problem' in pattern) return pattern.problem;
  if (matchesEmpty(pattern)) return 'a pattern that does not match nothing, which every line has in it';
  if (matchesNoLine(pattern)) return 'a pattern that some line matches';
  return null;
}

/** `/^ok$/` is `^ok$`, as many are used to write it. */
function sourceOf(said: string): string {
  return /^\/.+\/$/.test(said) ? said.slice(1, -1) : said;
}

const checked = (isWanted: (pattern: Pattern) => string | null) =>
  z
    .string({ error: PATTERN })
    .transform(sourceOf)
    .superRefine((source, context) => {
      const pattern = compilePattern(source);
      const why = whyNot(source) ?? ('problem' in pattern ? null : isWanted(pattern));
      if (why !== null) context.addIssue({ code: 'custom', message: why, input: source });
    });

/** Of lines of a board, or parts of one. */
export const pattern = (description: string) => checked(() => null).meta({ description });

/** One that captures a number. */
export const capture = (description: string) =>
  checked(({ groups }) =>
    groups === 1 ? null : "a pattern with one group, the number, such as 'flow=([0-9.]+)'",
  ).meta({ description });

const BYTES = 'one to eight characters in quotes, such as "\\r\\n"';
const ESCAPES: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '0': '\0' };

/** Text whose escapes are read in single quotes too; a character of the outcome is a byte. */
export const bytesText = (description: string) =>
  z
    .string({ error: BYTES })
    .transform((said) =>
      said.replace(/\\(?:x([0-9a-fA-F]{2})|([rnt0]))/g, (_all, hex: string | undefined, letter: string) =>
        hex === undefined ? (ESCAPES[letter] ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
      ),
    )
    .refine((bytes) => /^[\0-\xff]{1,8}$/.test(bytes), { error: BYTES })
    .meta({ description });
