import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get as getSecurely } from 'node:https';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../until.js';
import { ConsoleKit, consolePid, EMULATED_PAIR, EventClient, type Started } from './console-kit.js';

/** The console as somebody finds it who means no good. No gateway runs: none is needed to be refused. */

const MAIN = resolve('dist/cli/main.js');
const MOST_STREAMS = 128;
const SWITCH = '/api/pairs/oven/commands/switch';
/** For localhost, and nothing else: made for this test alone. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgK+8i+mvIolAMrCgT
pKCwUFSVfn7EWmciec+tZ+94cmehRANCAATdPdGUrKh0H65oZ3NfAJyaBsfwcQm3
ChI5vw7d4UpsvvUX4Xg0FSZv/w4B7dRT1+AuTSoqjlTaS0rDEScU3Zl4
-----END PRIVATE KEY-----
`;
const CERT = `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUeE7gRNNmlft04oeyRXm7LEAgFrcwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTIwMTAxNDIxMloYDzIxMjYxMTA3
MDE0MjEyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATdPdGUrKh0H65oZ3NfAJyaBsfwcQm3ChI5vw7d4UpsvvUX4Xg0FSZv
/w4B7dRT1+AuTSoqjlTaS0rDEScU3Zl4o2kwZzAdBgNVHQ4EFgQUq6T5pEvBMeqD
LiejI4YPyDn6Z4AwHwYDVR0jBBgwFoAUq6T5pEvBMeqDLiejI4YPyDn6Z4AwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIgMj8GteGfnvHk+y6bHEmvkEsc5yxvHE2chb9BlXpbLjwCIQCeJBscFJjF
HN5mGVS5PWSxS5eD6YuBN8WzNSpvrAzzeA==
-----END CERTIFICATE-----
`;

const open = new ConsoleKit();
const guarded = new ConsoleKit();
let console: Started;
let slow: Promise<string>;
let anna: string;
let look: string;

beforeAll(async () => {
  console = await open.console('-c', open.file('pair.yaml', EMULATED_PAIR), '--host', 'oven.example');
  // Whoever never ends his request is ended, after a while.
  slow = open.raw(`POST ${SWITCH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{`);
  anna = token('anna');
  look = token('lobby', '--read-only');
  await guarded.console('-c', guarded.file('pair.yaml', EMULATED_PAIR), '--token-file', 'copycat.tokens');
});
afterAll(async () => {
  await open.dispose();
  await guarded.dispose();
});

function copycat(
  kit: ConsoleKit,
  ...words: string[]
): { readonly code: number | null; readonly out: string; readonly err: string } {
  const ran = spawnSync(process.execPath, [MAIN, ...words], { cwd: kit.folder, encoding: 'utf8' });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

function token(name: string, ...words: string[]): string {
  return copycat(guarded, 'token', 'add', name, ...words).out.trim();
}

describe('copycat console', () => {
  it.each([
    ['evil.example', 421],
    ['localhost.evil.example', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost@evil.example', 421],
    ['localhost', 200],
    ['127.0.0.1:8080', 200],
    ['[::1]:80', 200],
    ['oven.example', 200],
  ])('goes by no name that somebody else may have made lead here: %s', async (host, status) => {
    const answer = await open.ask('/api/pairs', { headers: { host } });
    expect(answer.status).toBe(status);
    if (status !== 200)
      expect(answer.body).toMatchObject({ error: expect.stringContaining('does not go by the name') });
  });

  it.each([
    [{ origin: 'http://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: 'http://localhost:1' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
  ])('does nothing for a page of another origin: %j', async (headers) => {
    const answer = await open.ask(SWITCH, { method: 'POST', body: {}, headers: { host: 'localhost', ...headers } });
    expect(answer).toMatchObject({ status: 403, body: { error: expect.stringContaining('may not ask for this') } });
  });

  it('lets a page of its own ask, which hears that no gateway runs', async () => {
    const headers = { host: 'localhost:8080', origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' };
    expect(await open.ask(SWITCH, { method: 'POST', body: {}, headers })).toMatchObject({
      status: 503,
      body: { error: expect.stringMatching(/^no gateway is running/) },
    });
  });

  it.each([
    ['/../../../etc/passwd', 404],
    ['/%2e%2e/%2e%2e/etc/passwd', 404],
    ['/..%2f..%2fetc%2fpasswd', 404],
    ['/....//....//etc/passwd', 404],
    ['//etc/passwd', 404],
    ['/%00', 404],
    ['/%', 400],
    ['/%ff', 400],
    ['/page.css/../../package.json', 404],
    ['/api/pairs/..%2f..%2fetc/status', 404],
    ['/api/pairs/__proto__/status', 404],
    ['/api/pairs/oven/faults/1e9', 400],
    ['/api/pairs/oven/faults?limit=-1', 400],
    ['/api/pairs/oven/faults?limit=5&nonsense=1', 400],
    ['/api/pairs/oven/inputs?state=constructor', 400],
    ['/api/pairs/oven/faults?since=yesterday', 400],
    ['/api/pairs/oven/stream?after=x', 400],
    ['/api/pairs/oven/faults', 503],
  ])('answers %s with a reason, and nothing that it should not', async (path, status) => {
    const heard = await open.raw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(heard).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const body = JSON.parse(heard.slice(heard.indexOf('\r\n\r\n'))) as object;
    expect(body).toMatchObject({ error: expect.any(String) });
    expect(heard).not.toMatch(/root:|\n\s+at /);
  });

  it.each([
    ['too long', 'x'.repeat(8193), 413],
    ['cut short', '{', 400],
    ['a list', '[]', 400],
    ['null', 'null', 400],
    ['a text', '"switch"', 400],
    ['a key that is none', '{"bi":"Anna"}', 400],
    ['what a terminal acts on', '{"by":"Anna\\u001b[31m"}', 400],
    ['a long name', `{"by":"${'x'.repeat(81)}"}`, 400],
    ['nested by the thousand', `${'['.repeat(4000)}${']'.repeat(4000)}`, 400],
  ])('takes no body but what is described: %s', async (_, body, status) => {
    const answer = await open.ask(SWITCH, { method: 'POST', body });
    expect(answer).toMatchObject({ status, body: { error: expect.any(String) } });
    expect(answer.text).not.toMatch(/\n\s+at /);
  });

  it('takes no body that a form could send, and no method that is for nothing', async () => {
    const form = { 'content-type': 'text/plain' };
    expect((await open.ask(SWITCH, { method: 'POST', body: '{}', headers: form })).status).toBe(415);
    expect(await open.ask(SWITCH)).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    for (const method of ['PUT', 'TRACE', 'OPTIONS', 'PATCH']) {
      expect((await open.ask('/api/pairs', { method })).status).toBe(405);
      expect((await open.ask('/', { method })).status).toBe(404);
    }
    for (const said of [
      'GET / HTTP/9.9\r\n\r\n',
      'nonsense\r\n\r\n',
      `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    ])
      expect(await open.raw(said)).toMatch(/^HTTP\/1.1 4\d\d /);
  });

  // Only root can be somebody else.
  it.skipIf(process.getuid?.() !== 0)('lets another user of this machine look, and do nothing', () => {
    const script = `
      const at = ${JSON.stringify(open.address)};
      const body = await fetch(at + 'api/pairs').then((answer) => answer.status);
      const asked = await fetch(at + ${JSON.stringify(SWITCH.slice(1))}, {
        method: 'POST', body: '{}', headers: { 'content-type': 'application/json' },
      });
      console.log(JSON.stringify([body, asked.status, await asked.json()]));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      ...{ uid: 65_534, gid: 65_534, cwd: '/', encoding: 'utf8' },
    });
    expect(JSON.parse(stdout)).toEqual([
      200,
      403,
      { error: expect.stringMatching(/may have something done; this is nobody$/) },
    ]);
  });

  it('has so many look on and no more; when one has gone there is room', async () => {
    const clients = Array.from({ length: MOST_STREAMS }, () => new EventClient(open.address, '/api/pairs/oven/stream'));
    await until(() => clients.every(({ status }) => status === 200));
    expect(await open.ask('/api/pairs/oven/stream')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
      body: { error: '128 clients look on already' },
    });
    // Whoever only asks is answered all the same.
    expect((await open.ask('/api/pairs')).status).toBe(200);
    for (const client of clients) client.close();
    const after = await until(async () => {
      const client = new EventClient(open.address, '/api/pairs/oven/stream');
      await until(() => client.status !== 0);
      client.close();
      return client.status === 200;
    });
    expect(after).toBe(true);
  });

  it('asks for a token where there are some, for all but the page and whether it is well', async () => {
    for (const path of ['/api/pairs', '/api/pairs/oven/status', '/api/pairs/oven/stream', '/api/pairs/oven/wiring.svg'])
      expect((await guarded.ask(path)).status).toBe(401);
    expect((await guarded.ask(SWITCH, { method: 'POST', body: {} })).status).toBe(401);
    expect((await guarded.ask('/health')).status).toBe(503);
    expect((await guarded.ask('/')).status).toBe(200);
    expect((await guarded.ask('/api/session')).body).toEqual({ needsToken: true, name: null, mayRead: false });
  });

  it('lets in by a token as far as it goes, and by a cookie that was made of one, until it is removed', async () => {
    const by = (secret: string) => ({ authorization: `Bearer ${secret}` });
    const post = (headers: Readonly<Record<string, string>>) =>
      guarded.ask(SWITCH, { method: 'POST', body: {}, headers });
    expect((await guarded.ask('/api/pairs', { headers: by(anna) })).status).toBe(200);
    expect((await guarded.ask('/api/pairs', { headers: by(look) })).status).toBe(200);
    // 503: it was asked for, and no gateway runs.
    expect((await post(by(anna))).status).toBe(503);
    expect(await post(by(look))).toMatchObject({ status: 403, body: { error: 'the token lobby is for looking only' } });

    const session = await guarded.ask('/api/session', { method: 'POST', body: { token: anna } });
    expect(session).toMatchObject({ status: 200, body: { name: 'anna', readOnly: false } });
    const [set = ''] = session.headers['set-cookie'] ?? [];
    expect(set).toMatch(/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    const [cookie = ''] = set.split(';');
    expect(cookie).not.toContain(anna);
    expect((await post({ cookie })).status).toBe(503);
    expect((await guarded.ask('/api/session', { headers: { cookie } })).body).toMatchObject({ name: 'token anna' });
    // Neither another name nor a longer time can be written into it.
    const [, name = '', until = '', mark = ''] = /=(\w+)~(\d+)~(.*)$/.exec(cookie) ?? [];
    for (const forged of [
      `lobby~${until}~${mark}`,
      `${name}~${Number(until) + 1}~${mark}`,
      `${name}~${until}~${'A'.repeat(43)}`,
    ])
      expect((await guarded.ask('/api/pairs', { headers: { cookie: `copycat-session=${forged}` } })).status).toBe(401);

    expect(copycat(guarded, 'token', 'add', 'anna')).toMatchObject({ code: 2, out: '' });
    expect(copycat(guarded, 'token', 'remove', 'anna').code).toBe(0);
    expect((await guarded.ask('/api/pairs', { headers: by(anna) })).status).toBe(401);
    expect((await guarded.ask('/api/pairs', { headers: { cookie } })).status).toBe(401);
    expect((await guarded.ask('/api/pairs', { headers: by(look) })).status).toBe(200);
    // The secret is in no file.
    expect(readFileSync(join(guarded.folder, 'copycat.tokens'), 'utf8')).not.toContain(look);
  });

  it('looks at no more tokens from where too many wrong ones came', async () => {
    const statuses: number[] = [];
    for (let times = 0; times < 12; times++)
      statuses.push((await guarded.ask('/api/pairs', { headers: { authorization: 'Bearer wrong' } })).status);
    expect(statuses.slice(0, 3)).toEqual([401, 401, 401]);
    expect(statuses.slice(-2)).toEqual([429, 429]);
    const right = await guarded.ask('/api/session', { method: 'POST', body: { token: look } });
    expect(right).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
  });

  it('is not to be had by a network without a token, and by TLS where it has a key', async () => {
    const exposed = copycat(open, 'console', '-c', 'pair.yaml', '--listen', '0.0.0.0:0');
    expect(exposed).toMatchObject({ code: 2, out: '', err: expect.stringContaining('say a token file') });
    const taken = copycat(open, 'console', '-c', 'pair.yaml', '--listen', new URL(open.address).host);
    expect(taken).toMatchObject({ code: 1, err: expect.stringContaining('cannot listen on') });
    open.file('key.pem', KEY);
    open.file('cert.pem', CERT);
    const words = ['-c', 'pair.yaml', '--tls-key', 'key.pem', '--tls-cert', 'cert.pem', '--listen', '127.0.0.1:0'];
    const [, address = ''] = await open.start('console', ...words).says(/ is at (https:\S+)/);
    const status = await new Promise((done, failed) => {
      const url = new URL('/health', address.replace('127.0.0.1', 'localhost'));
      getSecurely(url, { ca: CERT, agent: false }, ({ statusCode }) => done(statusCode)).once('error', failed);
    });
    expect(status).toBe(503);
  });

  it('R32: ends whoever is too slow', async () => {
    expect(await slow).toMatch(/^HTTP\/1.1 408 /);
  });

  it('R32: has a heap that is bounded, and comes back after it was killed', async () => {
    const pid = await until(() => consolePid(console));
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain('--max-old-space-size=64');
    process.kill(pid, 'SIGKILL');
    const back = await until(() => {
      const now = consolePid(console);
      return now === pid ? null : now;
    });
    expect(back).not.toBe(pid);
    // At a free port: another one than before.
    const [last = ''] = await until(() => {
      const told = [...console.text.matchAll(/ is at (\S+)/g)];
      return told.length > 1 ? told.slice(-1).map(([, address = '']) => address) : null;
    });
    open.address = last;
    expect((await open.ask('/api/pairs')).status).toBe(200);
    expect(console.text).toContain('the console has ended (SIGKILL)');
  });
});
