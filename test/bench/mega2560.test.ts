import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { listScenarios, runBench } from '#built/bench/run-bench.js';

const folder = mkdtempSync(join(tmpdir(), 'copycat-mega-bench-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = { seed: 4, inputs: 40, link: 'uno-16u2', kind: 'mega2560', folder } as const;

describe('the bench with two emulated Megas', () => {
  // The second with a third copy, which is a Mega too, and faults put in by the addresses of that image.
  test('plays a hang, and one wrong result that a third copy tells', async () => {
    const reports = await runBench({ ...options, scenarios: ['primary-halts', 'mismatch-primary-wrong'] });
    expect(reports.map(({ scenario, held, drives, failures }) => ({ scenario, held, drives, failures }))).toEqual([
      { scenario: 'primary-halts', held: true, drives: ['a', 'b'], failures: [] },
      { scenario: 'mismatch-primary-wrong', held: true, drives: ['a', 'b'], failures: [] },
    ]);
  });

  test('refuses what needs images that there are not for it, and leaves that out of its tour', async () => {
    const refused = runBench({ ...options, scenarios: ['rolling-update-identical'] });
    await expect(refused).rejects.toMatchObject({ code: 'USAGE' });
    const names = listScenarios('mega2560').map(({ name }) => name);
    expect(names).toContain('rejoin');
    expect(names).not.toContain('rolling-update-identical');
    expect(names).not.toContain('window-4');
  });
});
