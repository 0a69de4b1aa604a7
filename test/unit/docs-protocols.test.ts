import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/config/checks/check-config.js';
import { parseConfig } from '../../src/config/load/load-config.js';
import { profileNames } from '../../src/config/load/protocol/profile-files.js';
import { rulesNotHeld } from '../../src/config/rules-not-held.js';

const page = readFileSync(join(import.meta.dirname, '../../docs/protocols.md'), 'utf8');

describe('docs/protocols.md', () => {
  it('says which rules do not hold in the words of check and status', () => {
    const nothing = { commit: false, digest: false, state: false, identity: false, repeats: false, bounded: false };
    const all = rulesNotHeld({ ...nothing, keeps: false });
    for (const { rules, what, instead } of all) {
      expect(page).toContain(`| ${rules.join(', ')} | ${what} | ${instead} |`);
    }
    expect(page.split('\n').filter((line) => /^\| R\d+/.test(line))).toHaveLength(all.length);
  });

  it('shows configurations that run, and names every profile', () => {
    const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
    expect(examples).toHaveLength(3);
    const machine = { exists: () => true, fileSystem: () => 'tmpfs' };
    for (const text of examples) {
      const findings = checkConfig(parseConfig(text, 'copycat.yaml', '/srv/pump'), machine);
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
    for (const name of profileNames()) expect(page).toContain(`| \`${name}\` |`);
  });
});
