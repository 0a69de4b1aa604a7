import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load/load-config.js';
import { heartbeatSchema, toldChangeSchema, toldFaultSchema } from '../../src/control/contract/told.js';

const page = readFileSync(join(import.meta.dirname, '../../docs/notify.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text);

describe('docs/notify.md', () => {
  it('shows JSON of each kind as it is', () => {
    const [fault, change, beat] = blocks('json').map((text): unknown => JSON.parse(text));
    expect(toldFaultSchema.parse(fault)).toEqual(fault);
    expect(toldChangeSchema.omit({ status: true }).loose().parse(change)).toEqual(change);
    expect(heartbeatSchema.parse(beat)).toEqual(beat);
  });

  it('shows keys that a configuration takes', () => {
    const [keys = ''] = blocks('yaml');
    const pair = `boards: { a: { kind: uno, port: emulated }, b: { kind: uno, port: emulated } }
relay: { pin: emulated, at-rest: a }
input: every 1s
deadline: 50ms
`;
    expect(parseConfig(`${pair}${keys}`, 'copycat.yaml', '/etc/oven').notify).toMatchObject({
      onFault: ['/etc/oven/tell-me.sh'],
      heartbeat: { everyUs: 60_000_000, command: expect.arrayContaining(['curl', '-fsS']) },
    });
  });

  it('has recipes that send what they are told, and fail when it does not go', () => {
    const folder = mkdtempSync(join(tmpdir(), 'copycat-recipes-'));
    // In the place of curl and jq: what they are given on their input, and where it goes.
    const stand = (exit: number): string =>
      `#!/bin/sh\nprintf '%s\\n' "$0" "$@" >> ${folder}/called\ntee -a ${folder}/sent\nexit ${exit}\n`;
    const recipes = blocks('sh').filter((text) => text.startsWith('#!'));
    expect(recipes).toHaveLength(3);
    try {
      for (const recipe of recipes) {
        for (const exit of [0, 7]) {
          writeFileSync(join(folder, 'curl'), stand(exit), { mode: 0o755 });
          writeFileSync(join(folder, 'jq'), stand(0), { mode: 0o755 });
          for (const name of ['called', 'sent']) writeFileSync(join(folder, name), '');
          const told = { COPYCAT_TELLS: 'on-fault', COPYCAT_TITLE: 'oven: a "title" $(id)', COPYCAT_TEXT: 'the story' };
          const { status } = spawnSync('/bin/sh', ['-c', recipe], {
            env: { ...told, PATH: `${folder}:/usr/bin:/bin` },
            input: '{"title":"oven","text":"the story"}',
          });
          expect(status).toBe(exit);
          expect(readFileSync(join(folder, 'sent'), 'utf8')).toContain('the story');
          expect(readFileSync(join(folder, 'called'), 'utf8')).toMatch(/-fsS\n/);
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
