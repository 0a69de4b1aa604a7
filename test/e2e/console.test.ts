import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Face, PairSummary } from '../../src/control/contract/face.js';
import type { FaultView } from '../../src/control/contract/fault.js';
import type { InputView } from '../../src/control/contract/input.js';
import { until } from '../until.js';
import { ConsoleKit, consolePid, EMULATED_PAIR, EventClient, type Started } from './console-kit.js';

/** The console as it is built, beside a gateway with emulated boards. */

interface Faults {
  readonly faults: readonly FaultView[];
  readonly more: boolean;
}

interface Listed {
  readonly pairs: readonly PairSummary[];
}

const MAIN = resolve('dist/cli/main.js');
const kit = new ConsoleKit();
let gateway: Started;

beforeAll(async () => {
  const file = kit.file('pair.yaml', `${EMULATED_PAIR}console: { listen: '127.0.0.1:0' }\n`);
  gateway = kit.start('run', '-c', file);
  await kit.console(
    '-c',
    file,
    '-c',
    kit.file('idle.yaml', `${EMULATED_PAIR.replace('oven', 'idle')}ledger: { path: idle.sqlite }\n`),
  );
  await until(
    async () => (await kit.ask('/api/pairs/oven/status')).body['protected'] === true,
    () => gateway.text,
  );
});
afterAll(() => kit.dispose());

function copycat(...words: string[]): unknown {
  const { stdout } = spawnSync(process.execPath, [MAIN, ...words, '--json', '-c', 'pair.yaml'], {
    ...{ cwd: kit.folder, encoding: 'utf8' },
  });
  return JSON.parse(stdout);
}

describe('copycat console', () => {
  it('tells of each pair how it stands and how old that is; of one whose gateway does not run, that', async () => {
    const { body } = await kit.ask('/api/pairs');
    expect(body['pairs']).toMatchObject([
      { id: 'oven', name: 'oven', protected: true, why: 'both boards agree', isStale: false, staleWhy: null },
      { id: 'idle', name: 'idle', phase: 'unknown', protected: false, isStale: true },
    ]);
    const oven = await kit.ask<Face>('/api/pairs/oven/status');
    expect(oven.body).toMatchObject({ primary: 'a', isStale: false, faults: { open: 0 } });
    expect(oven.body.boards[0]).toMatchObject({ board: 'a', live: { values: [{ name: 'duty' }, {}, {}] } });
    const idle = await kit.ask('/api/pairs/idle/status');
    expect(idle.status).toBe(200);
    expect(idle.body['staleWhy']).toMatch(/^no gateway is running/);
    // One of the two is stale, and whoever watches from outside is told which.
    const health = await kit.ask('/health');
    expect(health).toMatchObject({ status: 503, body: { healthy: false } });
    expect(health.body['reasons']).toEqual([expect.stringMatching(/^idle: no gateway is running/)]);
  });

  it('takes what may be asked for, says what became of it, and the gateway notes who it was', async () => {
    const ask = (name: string, body: object) => kit.ask(`/api/pairs/oven/commands/${name}`, { method: 'POST', body });
    expect(await ask('switch', { by: 'Anna' })).toMatchObject({
      status: 200,
      body: { done: 'Board b is the primary now, board a the backup.' },
    });
    expect(await ask('relay-test', {})).toMatchObject({
      status: 200,
      body: { done: expect.stringMatching(/^The relay moved/) },
    });
    expect(await ask('identify', { board: 'c' })).toMatchObject({
      status: 409,
      body: { refused: expect.stringContaining('c') },
    });
    expect(await ask('resume', {})).toMatchObject({ status: 409, body: { refused: 'The pair is not stopped.' } });
    expect(await ask('drop', { seq: 1 })).toMatchObject({ status: 409 });
    expect(await ask('rejoin', { board: 'b' })).toMatchObject({
      status: 409,
      body: { refused: 'Board b is the primary.' },
    });
    expect(gateway.text).toMatch(/"command":"switch","by":"Anna \(\S+, by the console\)","msg":"a person asked"/);
  });

  it('tells a fault to whoever looks on, and once more when it changes; who comes back misses none', async () => {
    const client = new EventClient(kit.address, '/api/pairs/oven/stream');
    await until(() => client.of('status').length > 1 && client.lastId !== '');
    const before = Number(client.lastId);
    // What was before is not told to who comes for the first time.
    expect([...client.of('fault'), ...client.of('event')]).toEqual([]);
    spawnSync(process.execPath, [MAIN, 'try', 'restart', 'a', '-c', 'pair.yaml'], { cwd: kit.folder });
    const [fault] = await until(() => (client.of('fault').length > 0 ? client.of('fault') : null));
    const id = Number(fault?.id);
    expect(id).toBeGreaterThan(before);
    expect(fault?.data).toMatchObject({ id, code: 'restarted', board: 'a', closedAt: null });
    // Later it is told without a number: it is none that could be missed.
    const closed = await kit.ask('/api/pairs/oven/commands/close', {
      method: 'POST',
      body: { fault: id, by: 'Anna', note: 'it was me' },
    });
    expect(closed).toMatchObject({ status: 200, body: { done: `fault ${id} is closed: board a restarted` } });
    const changed = await until(() => client.of('fault').find((one) => one.id === null && 'closedBy' in one.data));
    expect(changed.data).toMatchObject({ id, note: 'it was me', closedBy: expect.stringMatching(/^Anna \(/) });
    client.close();

    for (const [path, headers] of [
      ['/api/pairs/oven/stream', { 'last-event-id': String(before) }],
      [`/api/pairs/oven/stream?after=${before}`, {}],
    ] as const) {
      const back = new EventClient(kit.address, path, headers);
      await until(() => Number(back.lastId) >= id);
      const numbers = [...back.of('fault'), ...back.of('event')].flatMap((one) =>
        one.id === null ? [] : [Number(one.id)],
      );
      expect(numbers.sort((one, other) => one - other)).toEqual(
        Array.from({ length: Number(back.lastId) - before }, (_, index) => before + 1 + index),
      );
      back.close();
    }
    // Numbers of another ledger, which had more.
    const lost = new EventClient(kit.address, '/api/pairs/oven/stream?after=9999');
    await until(() => lost.lastId !== '');
    expect(lost.of('restarted')[0]?.data).toMatchObject({ was: 9999 });
    expect(lost.events.find((one) => one.id !== null)?.id).toBe('1');
    lost.close();
  });

  it('tells what the commands tell, with the same keys', async () => {
    const { body: all } = await kit.ask<Faults>('/api/pairs/oven/faults');
    expect(all.faults).toEqual(copycat('faults', 'list', '--all'));
    const id = String(all.faults[0]?.id);
    const { body: one } = await kit.ask(`/api/pairs/oven/faults/${id}`);
    const { story, lines, ...fault } = one;
    expect(fault).toEqual(all.faults[0]);
    expect(story).toMatchObject({ happened: expect.any(String), sides: null });
    expect(lines).toContain('What to do now');
    const { body: inputs } = await kit.ask<{ readonly inputs: readonly InputView[] }>(
      '/api/pairs/oven/inputs?state=finished&limit=3',
    );
    expect(inputs.inputs).toHaveLength(3);
    const seq = String(inputs.inputs[0]?.seq);
    expect((await kit.ask(`/api/pairs/oven/inputs/${seq}`)).body).toEqual(copycat('inputs', 'show', seq));
    expect((await kit.ask('/api/pairs/oven/stats')).body).toMatchObject({ scenario: null, openFaults: 0 });
    expect((await kit.ask('/api/pairs/oven/log')).body).toEqual({ lines: [] });
    const pages: number[] = [];
    const numbers = (faults: readonly { readonly id: number }[]): number[] => faults.map((entry) => entry.id);
    for (let after = 0, more = true; more; after = pages.at(-1) ?? 0) {
      const { body } = await kit.ask<Faults>(`/api/pairs/oven/faults?after=${after}&limit=2`);
      pages.push(...numbers(body.faults));
      more = body.more;
    }
    expect(pages).toEqual(numbers(all.faults).reverse());
    const { body: events } = await kit.ask<Faults>('/api/pairs/oven/events');
    expect(numbers(events.faults)).toEqual(numbers(all.faults.filter(({ event }) => event)));
    const { body: configuration } = await kit.ask('/api/pairs/oven/configuration');
    expect(configuration).toMatchObject({ name: 'oven', deadlineUs: 500_000 });
    const wiring = await kit.ask('/api/pairs/oven/wiring.svg');
    expect(wiring).toMatchObject({ status: 200, headers: { 'content-type': 'image/svg+xml' } });
    expect(wiring.text).toContain('Wiring of oven');
  });

  it('serves the page by names of its own alone, zipped, and once', async () => {
    const page = await kit.ask('/', { headers: { 'accept-encoding': 'identity' } });
    expect(page).toMatchObject({ status: 200, text: readFileSync(resolve('dist/page/index.html'), 'utf8') });
    expect(page.headers['content-security-policy']).toMatch(
      /default-src 'none'; script-src 'self'; .*frame-ancestors 'none'/,
    );
    const zipped = await kit.ask('/main.js', { headers: { 'accept-encoding': 'gzip' } });
    expect(zipped.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'text/javascript; charset=utf-8',
    });
    const again = await kit.ask('/main.js', { headers: { 'if-none-match': String(zipped.headers.etag) } });
    expect(again).toMatchObject({ status: 304, text: '' });
  });

  it('has a description of all that it answers, which what it answers fits', async () => {
    const { body } = await kit.ask<{ readonly paths: object }>('/api/openapi.json');
    expect(body).toMatchObject({ openapi: '3.1.0' });
    const documented = readFileSync('docs/console.md', 'utf8');
    for (const path of Object.keys(body.paths)) {
      const name = path.replace('{id}', 'ID').replace('{number}', 'NUMBER').replace('{seq}', 'SEQ');
      const [, command] = /\/commands\/(\S+)$/.exec(path) ?? [];
      expect(documented).toContain(command === undefined ? `${name}\`` : `\`${command}\``);
    }
  });

  it('R32: is a child of the gateway that asks for one; the pair goes on without it, and it comes back', async () => {
    const address = (): string => [...gateway.text.matchAll(/the console is at (http:[^"\s]+)/g)].at(-1)?.[1] ?? '';
    const before = address();
    const own = await fetch(new URL('/api/pairs', before));
    expect(await own.json()).toMatchObject({ pairs: [{ id: 'oven', protected: true }] });
    const pid = await until(() => consolePid(gateway));
    process.kill(pid, 'SIGKILL');
    await until(() => address() !== before);
    expect(consolePid(gateway)).not.toBe(pid);
    expect((await fetch(new URL('/api/pairs', address()))).status).toBe(200);
    expect(gateway.text).toMatch(/"level":40[^\n]*the console has ended \(SIGKILL\)/);
    expect((await kit.ask<Face>('/api/pairs/oven/status')).body).toMatchObject({ protected: true, isStale: false });
  });

  it('R32: says that it is stale when the gateway is stopped, and fresh when it goes on; /health too', async () => {
    const face = async () => (await kit.ask('/api/pairs/oven/status')).body;
    const client = new EventClient(kit.address, '/api/pairs/oven/stream');
    const group = -(gateway.process.pid ?? 0);
    process.kill(group, 'SIGSTOP');
    const stale = await until(async () => ((await face())['isStale'] ? face() : null));
    // It was protected, as far as anybody knew: it is not called so any more.
    expect(stale).toMatchObject({ protected: false, why: expect.stringMatching(/^STALE: .* does not answer/) });
    expect(stale['coreAgeMs']).toBeGreaterThan(5000);
    expect((await kit.ask('/health')).body['reasons']).toContainEqual(expect.stringMatching(/^oven: /));
    await until(() => client.of('status').some(({ data }) => data['isStale'] && data['protected'] === false));
    process.kill(group, 'SIGCONT');
    await until(async () => (await face())['isStale'] === false);
    client.close();
  });

  it('R32: says so too of one that was killed, and keeps serving what its ledger has', async () => {
    process.kill(-(gateway.process.pid ?? 0), 'SIGKILL');
    await gateway.ended;
    const stale = await until(async () => {
      const { body } = await kit.ask('/api/pairs/oven/status');
      return body['isStale'] ? body : null;
    });
    expect(stale).toMatchObject({ protected: false, why: expect.stringMatching(/^STALE: no gateway is running/) });
    expect((await kit.ask('/api/pairs/oven/commands/switch', { method: 'POST', body: {} })).status).toBe(503);
    expect((await kit.ask('/api/pairs/oven/log')).status).toBe(503);
    expect((await kit.ask('/api/pairs/oven/faults?limit=1')).body['faults']).toHaveLength(1);
    expect(join(kit.folder, 'pair.yaml')).toBe((await kit.ask<Listed>('/api/pairs')).body.pairs[0]?.file);
  });
});
