import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = resolve('dist/cli/main.js');
const SAMPLE = resolve('docs/samples/uno-changeover.yaml');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-wiring-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function copycat(...args: readonly string[]): {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { cwd: folder, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

/** The sample with 5 V at the feedback. */
function badFile(): string {
  const path = join(folder, 'bad.yaml');
  writeFileSync(path, readFileSync(SAMPLE, 'utf8').replace('wiring: {', 'wiring: { feedback-from: 5v,'));
  return path;
}

describe('copycat wiring', () => {
  it('prints the pin table, and writes the drawing where it is told to', () => {
    const { code, out } = copycat('wiring', SAMPLE, '-o', 'oven.svg');
    expect(code).toBe(0);
    expect(out).toMatch(/Pi pin 11 \(GPIO17\)\s+Driver of K1: IN\s+violet/);
    expect(out).toContain('The drawing is in oven.svg');
    expect(readFileSync(join(folder, 'oven.svg'), 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  });

  it('-o FILE.html: the same on three sheets, for printing', () => {
    const { code } = copycat('wiring', SAMPLE, '-o', 'oven.html');
    expect(code).toBe(0);
    const page = readFileSync(join(folder, 'oven.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page.match(/<section>/g)).toHaveLength(3);
    const [first = '', , third = ''] = page.split('</section>');
    expect(first).toContain('Raspberry Pi 4');
    expect(first).not.toContain('Pi pin 11 (GPIO17)');
    expect(third).toContain('Pi pin 11 (GPIO17)');
  });

  it('says what must not be built so, exit 2, and says it in the drawing too', () => {
    const { code, out } = copycat('wiring', badFile(), '-o', 'bad.svg');
    expect(code).toBe(2);
    expect(out).toContain('5 V reach a pin of the Pi');
    expect(readFileSync(join(folder, 'bad.svg'), 'utf8')).toContain('DO NOT BUILD IT SO: 5 V reach a pin of the Pi');
  });

  it('--json: wires and findings for a program', () => {
    const { code, out } = copycat('wiring', SAMPLE, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      title: 'Wiring of oven',
      findings: [{ severity: 'note', key: 'wiring.supply' }],
      wires: expect.arrayContaining([expect.objectContaining({ from: 'Pi pin 39 (GND)', to: 'GND rail' })]),
    });
  });

  it('a drawing that cannot be written is one sentence and exit 2', () => {
    const { code, err } = copycat('wiring', SAMPLE, '-o', 'nowhere/oven.svg');
    expect(code).toBe(2);
    expect(err).toContain('copycat: the drawing cannot be written to nowhere/oven.svg');
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  it('copycat check tells of the wiring too, and exits 2 where it must not be built so', () => {
    const bad = copycat('check', badFile());
    expect(bad.code).toBe(2);
    expect(bad.out).toContain('must not be wired so');
    expect(bad.out).toContain('5 V reach a pin of the Pi');
    const good = copycat('check', SAMPLE);
    expect(good.code).toBe(0);
    expect(good.out).toContain('can run');
  });

  it('copycat check is silent about the wiring of a pair that is emulated', () => {
    const path = join(folder, 'emulated.yaml');
    writeFileSync(path, readFileSync(badFile(), 'utf8').replaceAll(/usb-1\.\d/g, 'emulated'));
    const { code, out } = copycat('check', path);
    expect(code).toBe(0);
    expect(out).not.toContain('5 V reach');
  });
});
