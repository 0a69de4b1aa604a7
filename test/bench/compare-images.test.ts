import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadComparison } from '#built/bench/compare/load-comparison.js';
import { heaterFile } from '#built/bench/stage/heater-image.js';

/** `copycat bench --firmware NEW --against OLD --inputs …`, and docs/firmware-update.md, whose beginning is typed as it stands there. */

const MAIN = resolve('dist/cli/main.js');
const HEATER = readFileSync(heaterFile('heater'), 'latin1');
const LESS = heaterFile('heater-2-less');
let folder: string;

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function copycat(...args: readonly string[]): Ran {
  const ran = spawnSync(process.execPath, [MAIN, ...args], {
    ...{ cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

interface Step {
  readonly command: string;
  readonly printed: readonly string[];
}

/** What its `console` blocks say is typed, and printed. */
function stepsOf(page: string): readonly Step[] {
  const blocks = [...page.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((step) => {
        const [command = '', ...printed] = step.trimEnd().split('\n');
        return { command, printed };
      }),
  );
}

const [first, ...steps] = stepsOf(readFileSync('docs/firmware-update.md', 'utf8'));

/** The heater with this text in its flash instead of that one, of the same length, and right checksums. */
function patched(from: string, to: string): string {
  const flash = Buffer.alloc(32_768, 0xff);
  for (const line of HEATER.split('\n')) {
    if (line.slice(7, 9) === '00')
      Buffer.from(line.slice(9, -2), 'hex').copy(flash, Number.parseInt(line.slice(3, 7), 16));
  }
  const at = flash.indexOf(from);
  if (at < 0) throw new Error(`the heater has no ${from}`);
  flash.write(to, at, 'latin1');
  const records = Array.from({ length: flash.length / 16 }, (_, index) => {
    const bytes = [16, (index * 16) >> 8, (index * 16) & 0xff, 0, ...flash.subarray(index * 16, index * 16 + 16)];
    const sum = -bytes.reduce((total, byte) => total + byte, 0) & 0xff;
    return `:${[...bytes, sum].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  });
  return [...records, ':00000001FF', ''].join('\n');
}

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

const comparing = (inputs: string, fresh: string = LESS, old = 'heater.hex'): Ran =>
  copycat('bench', '--firmware', fresh, '--against', old, '--inputs', inputs, '--json');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-compare-'));
  symlinkSync(resolve('firmware-harness'), join(folder, 'firmware-harness'));
  const [, , ...args] = first?.command.split(' ') ?? [];
  expect(copycat(...args)).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('docs/firmware-update.md', () => {
  it('begins with a bench and six further commands', () => {
    expect([first?.command, steps.length]).toEqual(['npx copycat bench steady --inputs 60', 6]);
  });

  it.each(steps)('$command', ({ command, printed }) => {
    const text = printed.join('\n');
    if (command.startsWith('cat ')) {
      write(command.slice('cat '.length), `${text}\n`);
      return;
    }
    const [typed = '', file] = command.split(' > ');
    const { code, out } = copycat(...typed.split(' ').slice(2));
    if (file !== undefined) write(file, out);
    const [head = '', tail] = text.split('\n…\n');
    if (file === undefined) expect(tail === undefined ? out.trimEnd() : out.slice(0, head.length)).toBe(head);
    if (tail !== undefined) expect(out.trimEnd().endsWith(tail)).toBe(true);
    expect(code).toBe(text.includes('differ, ') || text.includes('differs, ') ? 1 : 0);
  });
});

describe('copycat bench --against', () => {
  it('has every difference in JSON, by input and field', () => {
    const { code, out } = comparing('ledger');
    const said = JSON.parse(out) as {
      readonly compared: number;
      readonly differ: number;
      readonly fields: readonly { readonly field: string; readonly inputs: number; readonly largest: string | null }[];
      readonly differing: readonly {
        readonly differences: readonly { readonly field: string; readonly distance: number | null }[];
      }[];
      readonly notes: readonly string[];
    };
    expect([code, said.compared, said.notes]).toEqual([1, 60, []]);
    const told = said.differing.flatMap(({ differences }) => differences);
    const duties = told.filter(({ field }) => field === 'result.duty');
    expect(said.fields.find(({ field }) => field === 'result.duty')).toMatchObject({
      ...{ inputs: duties.length, largest: `${Math.max(...duties.map(({ distance }) => distance ?? 0))} / 255` },
    });
    expect(said.differing).toHaveLength(said.differ);
  });

  it('says once that states of another layout are not compared, and compares the rest', () => {
    const file = write('layout.hex', patched('i32 integrator', 'i32 integrated'));
    const same = comparing('ledger', file);
    const { notes } = JSON.parse(same.out) as { readonly notes: readonly string[] };
    expect(notes.filter((note) => note.includes('lay their state out differently'))).toHaveLength(1);
    expect(same.code).toBe(0);
    const less = copycat('bench', '--firmware', file, '--against', LESS, '--inputs', 'ledger');
    expect(less.out).toContain('result.duty 200 / 255 → 255 / 255');
    expect(less.out).not.toMatch(/^ +state /m);
  });

  it('says where the old program is not what the pair ran', () => {
    const { out } = comparing('ledger', 'heater.hex', LESS);
    expect(JSON.parse(out)).toMatchObject({
      notes: [expect.stringMatching(/^In 31 of 60 inputs \(first 14\) heater-2-less/)],
    });
  });

  it('R21: gives both programs the readings of the record, and says where it has none', () => {
    // The heater reads for itself where an input is shorter than four bytes, and rejects one that is longer.
    const rows = ['90064001', '00', '00', '0000000000'];
    const table = (temperatures: readonly number[] | null): string =>
      [
        `payload${temperatures === null ? '' : ',temperature'}`,
        ...rows.map((row, index) => `${row}${temperatures === null ? '' : `,${temperatures[index]}`}`),
        '',
      ].join('\n');
    const inputsThatDiffer = ({ out }: Ran) => {
      const { differing, notes } = JSON.parse(out) as {
        readonly differing: readonly {
          readonly input: number;
          readonly differences: readonly { readonly field: string }[];
        }[];
        readonly notes: readonly string[];
      };
      // A state goes on differing where an input is rejected.
      const answers = differing.filter(({ differences }) => differences.some(({ field }) => field === 'result.duty'));
      return [answers.map(({ input }) => input), notes.length];
    };
    // Full power while it is cold: lines 2, and 3 or 4 where a reading says so.
    expect(inputsThatDiffer(comparing(write('cold.csv', table([20, 20, 104, 20]))))).toEqual([[2, 3], 0]);
    expect(inputsThatDiffer(comparing(write('warm.csv', table([20, 104, 20, 20]))))).toEqual([[2, 4], 0]);
    const { out } = comparing(write('none.csv', table(null)));
    expect(JSON.parse(out)).toMatchObject({
      notes: [expect.stringContaining('The record has no readings: both computed with what heater.hex read')],
    });
  });

  /** In this process: a command of its own takes longer to start than to refuse. */
  it.each([
    ['no inputs recorded', 'none.json', '[]', /none.json has no inputs$/],
    ['a file that is not there', 'nope.db', null, /^the recorded inputs nope.db cannot be read: there is no such file/],
    [
      'JSON that lists something else',
      'odd.json',
      '[{"seq": 1}]',
      /odd.json has something else than an input: entry 1, /,
    ],
    ['JSON that lists nothing', 'cut.json', '[{"seq": 1', /cut.json is no list of inputs in JSON/],
    ['a CSV file with a hole', 'hole.csv', 'set point,measured\n60,55\n60,\n', /hole.csv:3: .*hole/],
    ['a CSV column that nobody knows', 'odd.csv', 'set point,measured,volts\n60,55,3\n', /a column volts/],
    ['a time that falls', 'back.csv', 'time,set point,measured\n1,60,55\n0,60,55\n', /back.csv:3: .*never falls/],
  ])('refuses %s', (_, name, text, sentence) => {
    if (text !== null) write(name, text);
    const images = { newFile: LESS, oldFile: heaterFile('heater'), configFile: null, kind: null };
    const load = () => loadComparison({ ...images, inputsFile: join(folder, name), inputsShown: name });
    expect(load).toThrow(sentence);
  });

  it.each([
    [
      'an image that is no harness image',
      () => comparing('ledger', write('loop.hex', ':02000000FFCF30\n:00000001FF\n')),
      /loop.hex never says HELLO/,
    ],
    [
      '--against without --inputs',
      () => copycat('bench', '--firmware', LESS, '--against', 'heater.hex'),
      /--against needs recorded inputs/,
    ],
    [
      '--against without --firmware',
      () => copycat('bench', '--against', 'heater.hex', '--inputs', 'ledger'),
      /expected --firmware NEW.hex/,
    ],
    ['--inputs FILE without --against', () => copycat('bench', '--inputs', 'pump.csv'), /expected how many inputs/],
    [
      'a scenario beside it',
      () => copycat('bench', 'steady', '--firmware', LESS, '--against', 'heater.hex', '--inputs', 'ledger'),
      /steady has no meaning/,
    ],
  ])('refuses %s in one sentence, with exit code 2', (_, run, sentence) => {
    const { code, err } = run();
    expect(err).toMatch(sentence);
    expect([code, err.trimEnd().split('\n').length]).toEqual([2, 1]);
  });
});
