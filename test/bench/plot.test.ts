import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plotPage } from '#built/bench/plot/plot-page.js';
import { runBench } from '#built/bench/run-bench.js';
import { plotFile } from '#built/cli/bench/plot-file.js';
import type { PlotData } from '../../src/bench/plot/plot-data.js';
import type { RunTrace, Track } from '../../src/bench/plot/run-trace.js';

/** `copycat bench --plot FILE.html`: what stands in the page, and that it needs nothing else. */

const folder = mkdtempSync(join(tmpdir(), 'copycat-plot-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const INPUTS = 30;
let run: RunTrace;
let actuatorGapMs: number | null;

beforeAll(async () => {
  const options = { seed: 3, inputs: INPUTS, link: 'uno-16u2', folder: join(folder, 'bench'), isTraced: true } as const;
  const traces: RunTrace[] = [];
  const reports = await runBench({
    ...options,
    scenarios: ['primary-halts'],
    onReport: (_, runs) => traces.push(...runs),
  });
  const [first] = traces;
  if (first === undefined) throw new Error('nothing was traced');
  expect(traces).toHaveLength(1);
  run = first;
  actuatorGapMs = reports[0]?.actuatorGapMs ?? null;
});

const track = (name: string): Track => {
  const found = run.tracks.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no track ${name} in ${run.tracks.map((one) => one.name).join(', ')}`);
  return found;
};
const at = ({ lines }: Track, of: string, us: number) =>
  lines.find((line) => line.of === of)?.points.findLast(([atUs]) => atUs <= us)?.[1];

describe('the trace of a run', () => {
  it('has each input, when it was given and when it was answered', () => {
    expect(run.inputs.map(({ id }) => id)).toEqual(Array.from({ length: INPUTS }, (_, index) => index + 1));
    expect(run.inputs[0]?.sentUs).toBe(0);
    for (const { sentUs, answeredUs, note } of run.inputs) {
      expect(answeredUs).toBeGreaterThan(sentUs);
      expect(note).toBeNull();
    }
  });

  it('has inputs, outputs and results by their names and units, of both boards and of the actuator', () => {
    expect(
      run.tracks.map(({ kind, name, unit, lines }) => [kind, name, unit, lines.map(({ of }) => of).join()]),
    ).toEqual([
      ['input', 'set point', 'degC', 'client'],
      ['input', 'measured', 'degC', 'client'],
      ['output', 'heat (D9)', '/ 255', 'actuator,a,b'],
      ['output', 'trip (D8)', '/ 255', 'actuator,a,b'],
      ['result', 'duty', '/ 255', 'a,b'],
      ['result', 'tripped', '', 'a,b'],
      ['result', 'integrator', '', 'a,b'],
    ]);
  });

  it('has who drives, with the gap of the relay, and the actuator gets what the board that drives shows', () => {
    const boards = run.drives.map(({ board }) => board);
    expect([boards[0], boards.at(-1)]).toEqual(['a', 'b']);
    const gaps = run.drives.map(({ atUs, board }, index) =>
      board === null ? (run.drives[index + 1]?.atUs ?? 0) - atUs : 0,
    );
    expect(gaps.reduce((sum, one) => sum + one, 0) / 1000).toBeCloseTo(actuatorGapMs ?? 0, 0);
    const heat = track('heat (D9)');
    expect(at(heat, 'actuator', run.endUs)).toBe(at(heat, 'b', run.endUs));
    const halted = run.injectedUs ?? 0;
    expect(at(heat, 'actuator', halted)).toBe(at(heat, 'a', halted));
    // A board that hangs holds its pins: its line ends there.
    expect(at(heat, 'a', run.endUs)).toBe(at(heat, 'a', halted + 20_000));
  });

  it('has the fault as the gateway told it, after the bench had put it in', () => {
    const [fault] = run.faults;
    expect(run.faults).toHaveLength(1);
    expect(fault?.title).toBe('board a stopped answering');
    expect(fault?.steps.map(({ text }) => text)).toContain('board a declared failed');
    const noticedUs = (fault?.steps[0]?.atUs ?? 0) - (run.injectedUs ?? 0);
    // A deadline of 50 ms, and no more than one input in work.
    expect(noticedUs).toBeGreaterThan(0);
    expect(noticedUs).toBeLessThan(60_000);
    expect([run.failures, run.wrong, run.dropped]).toEqual([[], [], 0]);
  });
});

const EVIL = `</script><script>alert(1)</script><img src=x onerror="alert('2')">`;

function page(name = 'duty'): string {
  const renamed = { ...run, variant: name, tracks: run.tracks.map((one) => ({ ...one, name, unit: name })) };
  const scenario = { name, promise: name, held: false, cells: [name], failures: [name], runs: [renamed] };
  const data: PlotData = {
    title: name,
    facts: [[name, name]],
    summary: name,
    columns: ['scenario', 'held', name],
    scenarios: [scenario],
  };
  return plotPage(data);
}

describe('the page', () => {
  it('loads nothing from anywhere, and may not', () => {
    const text = page();
    expect(text).toContain(`content="default-src 'none';`);
    const asked = text.replace(/http:\/\/www\.w3\.org\/2000\/svg/g, '');
    expect(
      asked.match(
        /https?:|\/\/[a-z]|url\(|@import|<link|<img|<iframe| src=|fetch\(|XMLHttpRequest|WebSocket|import\(|\bfrom '/gi,
      ),
    ).toBeNull();
  });

  it('has one script that can be read, and data that are what was traced', () => {
    const [, data = '', script = ''] =
      /<script type="application\/json" id="data">(.*?)<\/script>\n<script>\n(.*)<\/script>/s.exec(page()) ?? [];
    expect((JSON.parse(data) as PlotData).scenarios[0]?.runs[0]?.drives).toEqual(run.drives);
    expect(() => new Script(script)).not.toThrow();
  });

  it('escapes what a configuration calls its fields', () => {
    const text = page(EVIL);
    expect(text.split('<script').length).toBe(page().split('<script').length);
    expect(text).not.toContain('<img');
    const [, data = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(text) ?? [];
    expect((JSON.parse(data) as PlotData).title).toBe(EVIL);
  });
});

describe('the file', () => {
  it('takes its place whole, and nothing is left beside it', () => {
    const name = join(folder, 'page.html');
    writeFileSync(name, 'old');
    const file = plotFile(name);
    expect(readFileSync(name, 'utf8')).toBe('old');
    file.write('new');
    expect(readFileSync(name, 'utf8')).toBe('new');
    expect(readdirSync(folder).filter((one) => one.startsWith('page.html'))).toEqual(['page.html']);
  });

  it('that cannot be written is one sentence before anything runs', () => {
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'plain'), '');
    for (const [name, sentence] of [
      [join(folder, 'nowhere/p.html'), /^the page .*nowhere\/p.html cannot be written: there is no such folder$/],
      [join(folder, 'sub'), /sub cannot be written: it is a folder$/],
      [join(folder, 'plain/p.html'), /there is no such folder$/],
      ['/dev/null', /something else than a file has that name$/],
    ] as const) {
      expect(() => plotFile(name)).toThrow(sentence);
    }
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['dist/cli/main.js', 'bench', 'steady', '--plot', join(folder, 'nowhere/p.html')],
      { encoding: 'utf8' },
    );
    expect([status, stdout, stderr.split('\n').length]).toEqual([2, '', 2]);
  });
});
