import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLedger } from '#built/cli/arguments/find-ledger.js';
import { FaultBook } from '#built/cli/faults/fault-book.js';
import { faultJson } from '#built/cli/faults/fault-json.js';
import { jsonText } from '#built/cli/terminal/printable.js';
import { PLAIN_COMMANDS } from '#built/faults/remedy.js';
import { tellFault } from '#built/faults/story.js';
import type { BenchReport } from '../../src/bench/bench-report.js';

/** The bench as somebody runs it: the built command, its output, and the stories in the ledgers that it leaves behind. */

const MAIN = resolve('dist/cli/main.js');
const INPUTS = 60;
/** Scenarios of which a fault is asked for as a person asks. */
const ASKED_BY_COMMAND = 3;
/** Not part of the standard tour: they take long. */
const NAMED = [
  'double-fault',
  'killed-while-joining',
  'host-power-cut',
  'third-copy-slow',
  'ledger-full',
  'ledger-slow',
  'ledger-gone',
];

interface Bench extends Ran {
  readonly of: readonly BenchReport[];
}

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let folder: string;
let tour: Bench;
let named: Bench;
/** Boards whose firmware knows nothing of pairs. */
let unmodified: Bench;
let reports: readonly BenchReport[];

function copycat(...args: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, out: stdout, err: stderr };
}

function bench(...args: string[]): Bench {
  const ran = copycat('bench', '--json', '--inputs', String(INPUTS), ...args);
  if (ran.out === '') throw new Error(`copycat bench ${args.join(' ')} printed nothing (code ${ran.code}): ${ran.err}`);
  return { ...ran, of: JSON.parse(ran.out) as readonly BenchReport[] };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-bench-'));
  tour = bench();
  named = bench(...NAMED, '--keep', join(folder, 'named'));
  unmodified = bench('modbus-*', 'lines-*', '--keep', join(folder, 'unmodified'));
  reports = [...tour.of, ...named.of];
}, 1_800_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('copycat bench --json', () => {
  it('prints one array, a report for every scenario of the tour, and exits 0 only when every promise held', () => {
    const listed = JSON.parse(copycat('bench', '--list', '--json').out) as readonly {
      readonly name: string;
      readonly onlyNamed: boolean;
    }[];
    const inTour = listed.filter(({ onlyNamed }) => !onlyNamed).map(({ name }) => name);
    expect(reports.map(({ scenario }) => scenario)).toEqual([...inTour, ...NAMED]);
    const others = unmodified.of.map(({ scenario }) => scenario);
    expect(listed.filter(({ onlyNamed }) => onlyNamed).map(({ name }) => name)).toEqual([...NAMED, ...others]);
    for (const { code, of } of [tour, named, unmodified]) expect(code).toBe(of.every(({ held }) => held) ? 0 : 1);
    for (const report of [...reports, ...unmodified.of]) {
      expect(Object.keys(report)).toEqual(
        expect.arrayContaining([
          ...[
            'scenario',
            'promise',
            'held',
            'inputs',
            'completed',
            'lost',
            'duplicated',
            'wrongAtActuator',
            'detectionMs',
          ],
          ...['takeoverMs', 'actuatorGapMs', 'reason', 'primaryAfter', 'protectionAfter', 'faults', 'ledger'],
        ]),
      );
    }
  });

  it('keeps the ledgers where copycat faults finds them without being told', () => {
    const ran = copycat('faults', 'list', '--json', '--all');
    expect(ran.code).toBe(0);
    expect((JSON.parse(ran.out) as readonly unknown[]).length).toBeGreaterThan(0);
  });
});

describe('docs/bench.md', () => {
  it('names the scenarios of the tour, then those that have to be named, and no others', () => {
    const section = readFileSync('docs/bench.md', 'utf8')
      .split('\n## ')
      .find((text) => text.startsWith('Scenarios\n'));
    const names = [...(section ?? '').matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, name]) => name);
    expect(names).toEqual([...reports, ...unmodified.of].map(({ scenario }) => scenario));
  });
});

/** The rules that each scenario holds up, by what the actuator saw and what upstream received. */
const RULES: Readonly<Record<string, string>> = {
  steady: 'R1 R2 R9 R18',
  'primary-halts': 'R10 R13 R14 R22',
  'primary-unplugged': 'R10 R15',
  'primary-restarts': 'R15',
  'primary-slow': 'R7 R8 R10 R11 R12',
  'primary-corrupts-state': 'R18 R19 R29',
  'line-noise': 'R11 R14',
  reordered: 'R3',
  'backup-halts': 'R5 R24',
  'backup-corrupts-state': 'R5 R19 R24 R29',
  'gateway-killed': 'R1 R23 R27',
  'gateway-power-cycled-after-takeover': 'R1 R13 R27',
  'cold-start': 'R25',
  rejoin: 'R10 R25',
  switchover: 'R26',
  'window-4': 'R2 R3 R5 R22',
  'poison-input': 'R22',
  'double-fault': 'R10 R22 R25',
  'primary-dies-in-each-place': 'R4 R9 R22',
  'sensor-drift': 'R21',
  'mismatch-primary-wrong': 'R8 R10 R19 R25',
  'mismatch-backup-wrong': 'R5 R19 R25',
  'both-wrong-same-way': 'R18',
  'needs-both-wrong-output': 'R2 R7 R19',
  'needs-both-alone': 'R5 R7 R25',
  'rolling-update-identical': 'R25 R26',
  'rolling-update-different': 'R25 R26',
  'killed-while-joining': 'R25 R27',
  'host-power-cut': 'R1 R27',
  'third-copy-slow': 'R5 R6 R19',
  'ledger-full': 'R8 R10 R17',
  'ledger-slow': 'R11 R14 R17',
  'ledger-gone': 'R1 R17',
};

/** The same of boards whose firmware nobody changes. */
const RULES_OF_UNMODIFIED: Readonly<Record<string, string>> = {
  'modbus-poll': 'R2 R3 R18',
  'modbus-write': 'R2 R31',
  'modbus-broadcast': 'R2 R31',
  'modbus-counter': 'R31',
  'modbus-exception': 'R18 R31',
  'modbus-gateway-killed': 'R27 R31',
  'modbus-halted': 'R10 R14 R31',
  'modbus-late': 'R14 R31',
  'modbus-master-silent': 'R16',
  'modbus-unplugged': 'R10 R15',
  'modbus-restarted': 'R15 R25',
  'modbus-corrupts-register': 'R19 R25',
  'modbus-joins-by-copy': 'R25',
  'modbus-tcp-clients': 'R2 R9',
  'modbus-garbage': 'R9 R14 R31',
  'modbus-shared-bus': 'R9 R31',
  'lines-steady': 'R2 R3 R18',
  'lines-halted': 'R10 R14 R31',
  'lines-restarted': 'R15',
  'lines-slow': 'R14 R31',
  'lines-differs': 'R18 R19',
  'lines-settings-differ': 'R25',
  'lines-push': 'R28',
  'lines-client-leaves': 'R9 R23',
  'lines-gateway-killed': 'R27 R31',
};

/** What was acted on before it could be noticed, or by two boards that agree on it: told by the scenario's own promise. */
const MAY_BE_WRONG = ['mismatch-primary-wrong', 'both-wrong-same-way'];
/** Inputs that end without an answer: a person drops one, or the pair stops before them. */
const MAY_DROP = ['poison-input', 'needs-both-wrong-output'];

describe('the promises of boards whose firmware nobody changes', () => {
  it('are all named here', () => {
    expect(unmodified.of.map(({ scenario }) => scenario)).toEqual(Object.keys(RULES_OF_UNMODIFIED));
  });

  it.each(Object.entries(RULES_OF_UNMODIFIED))('%s holds up %s', (scenario) => {
    const report = unmodified.of.find((candidate) => candidate.scenario === scenario);
    expect(report?.failures).toEqual([]);
    expect(report?.held).toBe(true);
  });
});

describe('the promises of the tour', () => {
  it('are all named here', () => {
    expect(reports.map(({ scenario }) => scenario).sort()).toEqual(Object.keys(RULES).sort());
  });

  it.each(Object.entries(RULES))('%s holds up %s', (scenario) => {
    const report = reports.find((candidate) => candidate.scenario === scenario);
    expect(report?.failures).toEqual([]);
    expect(report).toMatchObject({ held: true, inputs: INPUTS, lost: 0, duplicated: 0 });
    expect((report?.dropped ?? 0) > 0).toBe(MAY_DROP.includes(scenario));
    expect((report?.completed ?? 0) + (report?.dropped ?? 0)).toBe(INPUTS);
    if (!MAY_BE_WRONG.includes(scenario)) expect(report?.wrongAtActuator).toBe(0);
  });
});

describe('the fault log after the tour', () => {
  it('tells every fault of every scenario with board, input, evidence, what was done, times, effect and remedy', () => {
    const told = new Set<string>();
    for (const { scenario, ledgers } of reports) {
      for (const ledger of ledgers) {
        const stories = storiesIn(ledger);
        for (const [line, story] of stories) {
          const fault = JSON.parse(line) as StoredLine;
          expectStory(story, fault, `${scenario}, fault ${fault.id} (${fault.code})`);
        }
        const [first] = stories;
        if (first === undefined || told.has(scenario)) continue;
        told.add(scenario);
        // The rest is told in this process, by the same parts: a command for each takes a minute and a half.
        if (told.size > ASKED_BY_COMMAND) continue;
        const { id } = JSON.parse(first[0]) as StoredLine;
        expect(copycat('faults', 'show', String(id), '--ledger', ledger)).toEqual({
          code: 0,
          out: `${first[1]}\n`,
          err: '',
        });
        const exported = copycat('faults', 'export', '--ledger', ledger).out.trim().split('\n');
        expect(exported).toEqual(stories.map(([line]) => line));
      }
    }
    const quiet = reports.filter(({ reason }) => reason === null).map(({ scenario }) => scenario);
    expect([...told].sort()).toEqual(
      reports
        .map(({ scenario }) => scenario)
        .filter((name) => !quiet.includes(name))
        .sort(),
    );
    expect(told.size).toBeGreaterThanOrEqual(8);
  });
});

/** Each fault as `faults export` gives it, with its story as `faults show` tells it. */
function storiesIn(ledger: string): readonly (readonly [line: string, story: string])[] {
  const book = FaultBook.open(findLedger({ ledger }));
  try {
    const names = { ...PLAIN_COMMANDS, ledgerOption: book.found.option };
    return [...book.export()].map((booked) => {
      const fields = book.fieldsOf(booked);
      return [jsonText(faultJson(booked, fields)), tellFault(booked.fault, fields, names).join('\n')] as const;
    });
  } finally {
    book.close();
  }
}

interface StoredLine {
  readonly id: number;
  readonly code: string;
  readonly event: boolean;
  readonly board: string | null;
  readonly seq: number | null;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly timeline: readonly unknown[];
  readonly input: unknown;
}

/** Not only the headings: under each stands something of this very fault. */
function expectStory(story: string, fault: StoredLine, where: string): void {
  const lines = story.split('\n');
  const labelled = (label: string): string =>
    lines
      .find((line) => line.startsWith(`  ${label} `))
      ?.slice(4 + label.length)
      .trim() ?? '';
  const below = (heading: string): string => {
    const start = lines.indexOf(heading);
    const end = lines.indexOf('', start);
    return start < 0 ? '' : lines.slice(start + 1, end < 0 ? undefined : end).join('\n');
  };
  expect(story, where).not.toMatch(/undefined|NaN|\[object/);
  expect(labelled('board'), where).toMatch(fault.board ?? /(neither|which) of the two/);
  if (fault.input !== null)
    expect(labelled('input'), where).toMatch(new RegExp(`^${fault.seq} \\(.*(degC|payload|probe|bytes)`));
  else expect(labelled('input'), where).toMatch(/in work|no longer/);
  expect(labelled('evidence').length, where).toBeGreaterThan(10);
  expect(below('What was done').length, where).toBeGreaterThan(20);
  expect(labelled('times'), where).toMatch(/after \d|noted at once/);
  // Each step begins with its time; what it says may need two lines.
  const steps = below('Timeline, from the evidence on').match(/^ +[\d.]+ (ms|s|min) {2}\S/gm);
  expect(steps, where).toHaveLength(fault.timeline.length);
  expect(below('Effect on the actuator').length, where).toBeGreaterThan(20);
  // What was planned is closed by itself.
  const close = /^ {7}npx copycat faults close \d+ --ledger /m;
  if (fault.event) expect(story, where).not.toMatch(close);
  else expect(below('What to do now'), where).toMatch(close);
}
