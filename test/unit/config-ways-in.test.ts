import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkWaysIn } from '../../src/config/checks/check-ways-in.js';
import { ovenConfig } from './doctor-kit.js';

/** What copycat check says of paths that clients are to come to, on this host. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-ways-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const found = (input: string) =>
  checkWaysIn(ovenConfig({ input })).map(({ severity, key, message }) => `${severity} ${key}: ${message}`);
const at = (path: string) => `clients would find nothing at ${path}`;

it('are right where there is nothing yet, or what a gateway leaves', async () => {
  const path = join(folder, 'port');
  expect(found(`{ listen: 'pty:${path}', owner: root, group: '77' }`)).toEqual([]);
  symlinkSync('/dev/pts/4096', path);
  expect(found(`{ listen: 'pty:${path}' }`)).toEqual([]);
  const socket = join(folder, 'in.sock');
  expect(found(`{ listen: 'unix:${socket}' }`)).toEqual([]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  expect(found(`{ listen: 'unix:${socket}' }`)).toEqual([]);
  await new Promise((resolve) => server.close(resolve));
  expect(found('every 100ms')).toEqual([]);
});

it('cannot be in a folder that is not there; one below /run is made by the service', () => {
  expect(found(`{ listen: 'pty:${folder}/no/port' }`)).toEqual([
    `error input.listen: ${at(`${folder}/no/port`)}: the folder ${folder}/no is not there`,
  ]);
  expect(found(`{ listen: 'unix:${folder}/no/in.sock' }`)).toHaveLength(1);
  expect(found("{ listen: 'pty:/run/copycat-nobody/port' }")).toEqual([
    `warning input.listen: ${at('/run/copycat-nobody/port')}: the folder /run/copycat-nobody is not there`,
  ]);
  writeFileSync(join(folder, 'file'), '');
  expect(found(`{ listen: 'pty:${folder}/file/port' }`)).toEqual([
    `error input.listen: ${at(`${folder}/file/port`)}: the folder ${folder}/file is no folder`,
  ]);
});

it('cannot be where something of somebody else is', () => {
  const path = join(folder, 'port');
  const says = (words: string) => [
    `error input.listen: ${at(path)}: ${words} is there, and the gateway leaves it alone`,
  ];
  writeFileSync(path, '');
  expect(found(`{ listen: 'pty:${path}' }`)).toEqual(says('a file'));
  expect(found(`{ listen: 'unix:${path}' }`)).toEqual(says('a file'));
  rmSync(path);
  symlinkSync('/srv/mine', path);
  expect(found(`{ listen: 'pty:${path}' }`)).toEqual(says('a link to /srv/mine'));
  rmSync(path);
  mkdirSync(path);
  expect(found(`{ listen: 'pty:${path}/' }`)).toEqual(says('a folder'));
});

it('name a user and a group of this host, each told where it stands', () => {
  const path = join(folder, 'port');
  const input = `[{ listen: 'tcp://127.0.0.1:1' }, { listen: 'pty:${path}', owner: nobody-here, group: no-such }]`;
  expect(found(input)).toEqual([
    'error input[1].owner: there is no user nobody-here on this host, and no device is made without it',
    'error input[1].group: there is no group no-such on this host, and no device is made without it',
  ]);
});
