import { z } from 'zod';
import { REGISTER_SPACES, REGISTER_TYPES, type RegisterRange, type RegisterSpace } from '../../protocol-config.js';
import { group, oneOf, wholeNumber } from '../schema-parts.js';

/** The part of the schema that names registers of a slave: by their addresses on the wire, from 0. */

const HIGHEST = 0xffff;
const RANGE = 'an address on the wire from 0 to 65535, or a range such as 0-19, or a list of them';

/** What the numbers of a manual begin with: 40001 is its first holding register. */
const NUMBERED_FROM: Readonly<Record<RegisterSpace, number | null>> = {
  holding: 4,
  input: 3,
  coils: null,
  discrete: 1,
};

/** What was expected instead; null: they are addresses of that space. In hexadecimal an address is never the number of a manual. */
function whyNot(space: RegisterSpace, said: number | string): string | null {
  const [first, last] = boundsOf(said);
  const digit = NUMBERED_FROM[space];
  for (const one of String(said).split('-')) {
    const decimal = one.startsWith('0x') ? null : Number(one);
    const base = decimal === null || digit === null ? null : (/^\d{6}$/.test(one) ? 100_000 : 10_000) * digit;
    if (base === null || decimal === null || decimal <= base || decimal > base + 9999) continue;
    const inHex =
      decimal <= HIGHEST
        ? `, or '0x${decimal.toString(16)}' in quotes where the address on the wire is ${decimal}`
        : '';
    return `${decimal - base - 1} where ${decimal} is the number in a manual, which counts from ${base + 1}${inHex}`;
  }
  return last <= HIGHEST && first <= last ? null : RANGE;
}

function boundsOf(said: number | string): readonly [number, number] {
  const [first, last] = String(said).split('-').map(Number);
  return [first ?? 0, last ?? first ?? 0];
}

const one = (space: RegisterSpace) =>
  z
    .union([z.int(), z.string().regex(/^(0x[0-9a-f]{1,4}|\d{1,6})(-(0x[0-9a-f]{1,4}|\d{1,6}))?$/)], { error: RANGE })
    .superRefine((said, context) => {
      const why = typeof said === 'number' && said < 0 ? RANGE : whyNot(space, said);
      if (why !== null) context.addIssue({ code: 'custom', message: why, input: said });
    });

const ofSpace = (space: RegisterSpace, description: string) =>
  z
    .union([one(space), z.array(one(space), { error: RANGE })], { error: RANGE })
    .transform((said): readonly RegisterRange[] =>
      (Array.isArray(said) ? said : [said]).map((range) => {
        const [first, last] = boundsOf(range);
        return { space, first, last };
      }),
    )
    .meta({ description })
    .optional();

const RANGES = 'registers by their kind: { holding: 0-19, coils: 0-7 }';

const rangesGroup = (description: string) =>
  group(
    {
      holding: ofSpace('holding', 'Holding registers: addresses from 0, such as 0-19.'),
      input: ofSpace('input', 'Input registers.'),
      coils: ofSpace('coils', 'Coils.'),
      discrete: ofSpace('discrete', 'Discrete inputs.'),
    },
    RANGES,
    description,
  );

function flat(
  said: Readonly<Partial<Record<RegisterSpace, RegisterRange | readonly RegisterRange[] | undefined>>>,
): readonly RegisterRange[] {
  return REGISTER_SPACES.flatMap((space) => said[space] ?? []);
}

/** Registers of any kind, in a list where their order counts. */
export const ranges = (description: string) =>
  z
    .union([rangesGroup(description), z.array(rangesGroup(description), { error: RANGES })], { error: RANGES })
    .transform((said): readonly RegisterRange[] => (Array.isArray(said) ? said.flatMap(flat) : flat(said)))
    .meta({ description });

const ONE_ADDRESS = 'one address on the wire from 0 to 65535, and no range';
const ONE_OF_A_KIND = 'one address of one kind: { holding: 0 }';

const oneAddress = (space: RegisterSpace, description: string) =>
  one(space)
    .refine((said) => !/^\w+-/.test(String(said)), { error: ONE_ADDRESS })
    .transform((said): RegisterRange => {
      const [first] = boundsOf(said);
      return { space, first, last: first };
    })
    .meta({ description })
    .optional();

/** One register, coil or discrete input. */
export const singleAddress = (description: string) =>
  group(
    {
      holding: oneAddress('holding', 'A holding register.'),
      input: oneAddress('input', 'An input register.'),
      coils: oneAddress('coils', 'A coil.'),
      discrete: oneAddress('discrete', 'A discrete input.'),
    },
    ONE_OF_A_KIND,
    description,
  ).transform((said, context): RegisterRange => {
    const [only, ...others] = flat(said);
    if (only !== undefined && others.length === 0) return only;
    context.addIssue({ code: 'custom', message: ONE_OF_A_KIND, input: said });
    return z.NEVER;
  });

const ONE_REGISTER = 'the address of one register: { holding: 100 } or { input: 100 }';

const address = (description: string) => wholeNumber(0, HIGHEST, description).optional();

/** Where a number in a register is. */
export const registerShape = {
  holding: address('The holding register that it begins in.'),
  input: address('The input register that it begins in.'),
  type: oneOf(REGISTER_TYPES, 'How it is stored; of 32 bits it takes two registers.').default('u16'),
  'word-order': oneOf(['high-first', 'low-first'], 'Which of two registers comes first.').default('high-first'),
};

/** A number in a register, without what is compared of it. */
export const registerSign = (description: string) =>
  group(registerShape, ONE_REGISTER, description)
    .refine(({ holding, input }) => (holding === undefined) !== (input === undefined), { error: ONE_REGISTER })
    .transform((said) => ({ ...registerOf(said), name: '', unit: '', scale: 1, tolerance: 0 }));

interface SaidPlace {
  readonly holding?: number | undefined;
  readonly input?: number | undefined;
  readonly type: (typeof REGISTER_TYPES)[number];
  readonly 'word-order': 'high-first' | 'low-first';
}

export function registerOf({ holding, input, type, 'word-order': wordOrder }: SaidPlace) {
  const space = holding === undefined ? ('input' as const) : ('holding' as const);
  return { space, address: holding ?? input ?? 0, type, wordOrder };
}
