import { resolve } from 'node:path';
import { LONGEST_SOCKET_PATH } from '../../private-files/socket-path.js';
import { parseLine } from '../../values/line-settings.js';
import { type AccessConfig, type InputConfig, type ListeningInput, OPEN_ACCESS, type WritesConfig } from '../config.js';
import type { ConfigFile } from '../schema/config-schema.js';
import { parseDuration } from '../schema/duration.js';
import type { Complain } from '../schema/explain-issue.js';
import { portOf } from './file-to-boards.js';

type OneInput = Exclude<ConfigFile['input'], readonly unknown[]>;
type SaidClients = Exclude<OneInput, string>;
type Key = Exclude<keyof SaidClients, 'listen' | 'framing' | 'allow' | 'greeting'>;

const OWNER_ALONE = 0o600;
/** The default of Modbus over serial line 1.02; the usual one otherwise. */
const MODBUS_LINE = '19200-8E1';
const USUAL_LINE = '115200-8N1';

/** Where inputs come from, in the order of the file; tells what does not go together. */
export function inputsOf(file: ConfigFile, folder: string, complain: Complain): readonly InputConfig[] {
  const said = Array.isArray(file.input) ? file.input : [file.input];
  const inputs = said.map((one) => inputOf(one, folder));
  for (const [index, input] of inputs.entries()) {
    const one = said[index];
    const at = Array.isArray(file.input) ? ['input', index] : ['input'];
    const [where, address] = typeof one === 'object' ? [[...at, 'listen'], one.listen] : [at, one];
    if (input.type === 'unix' && Buffer.byteLength(input.path) > LONGEST_SOCKET_PATH) {
      complain(where, address, `a socket whose path has at most ${LONGEST_SOCKET_PATH} bytes`);
    }
    if (input.type === 'tcp' && input.port > 65_535) complain(where, address, 'a port number up to 65535');
    if ('everyUs' in input && input.everyUs === 0) complain(at, one, 'a time longer than nothing');
    if (one === undefined || typeof one === 'string' || !('access' in input)) continue;
    checkTogether(one, input, (name, value, expected) => complain([...at, name], value, expected));
  }
  if (inputs.filter(({ type }) => type === 'ticks').length > 1) complain(['input'], file.input, 'at most one every …');
  return inputs;
}

/** Keys that only some ways in, or some framings, have. */
function checkTogether(
  said: SaidClients,
  { type, access: { framing, allow, units, writes } }: ListeningInput,
  complain: (name: string, value: unknown, expected: string) => void,
): void {
  const isModbus = framing === 'modbus-tcp' || framing === 'modbus-rtu';
  const only = (keys: readonly Key[], isFit: boolean, where: string): void => {
    for (const key of keys) if (!isFit && said[key] !== undefined) complain(key, said[key], `${key} for ${where} only`);
  };
  if (type !== 'tcp' && allow.length > 0) {
    complain('allow', allow, 'allow for a tcp:// address only: nothing else has addresses');
  }
  only(['token-file'], framing === 'json-lines', 'framing: json-lines');
  only(['units', 'writes'], isModbus, 'framing: modbus-tcp and modbus-rtu');
  only(['owner', 'group', 'mode'], type === 'pty', 'a pty: path');
  only(['line'], type === 'serial', 'a serial: port');
  if (said.greeting === 'banner' && framing !== 'lines') {
    complain('greeting', said.greeting, 'greeting for framing: lines only');
  }
  if (framing === 'modbus-tcp' && (type === 'pty' || type === 'serial')) {
    complain('framing', framing, 'modbus-rtu: that is what masters speak at a serial port');
  }
  if (isModbus && units.size === 0) {
    complain('units', null, 'which unit ids of masters are the pair, such as { 5: pair }');
  }
  if (writes !== null && typeof writes === 'object' && 'ranges' in writes) {
    const wrong = writes.ranges.find(({ space }) => space === 'input' || space === 'discrete');
    if (wrong !== undefined) complain('writes', said.writes, 'coils and holding: nothing else can be written');
  }
}

/** The schema has let only these forms through. */
function inputOf(said: OneInput, folder: string): InputConfig {
  if (typeof said !== 'string') return listeningInput(said, folder);
  if (said.startsWith('every ')) return { type: 'ticks', everyUs: parseDuration(said.slice('every '.length)) ?? 0 };
  const [word, pin = '', ...rest] = said.split(' ');
  const everyUs = parseDuration(rest.at(-1) ?? '') ?? 0;
  if (word === 'button') return { type: 'button', pin };
  if (word === 'sensor') return { type: 'sensor', pin, everyUs };
  if (word === 'thermometer') return { type: 'thermometer', pin, controller: rest[0] ?? '', everyUs };
  return { type: 'tcp', ...tcpAddressOf(said), access: OPEN_ACCESS };
}

function listeningInput(said: SaidClients, folder: string): ListeningInput {
  const access = accessOf(said, folder);
  const [way = ''] = said.listen.split(':', 1);
  const where = said.listen.slice(way.length + 1);
  switch (way) {
    case 'unix':
      return { type: 'unix', path: resolve(folder, where), access };
    case 'pty': {
      const mode = said.mode === undefined ? OWNER_ALONE : Number.parseInt(said.mode, 8);
      const device = { owner: said.owner ?? null, group: said.group ?? null, mode };
      return { type: 'pty', path: resolve(folder, where), device, access };
    }
    case 'serial': {
      const usual = said.framing === 'modbus-rtu' ? MODBUS_LINE : USUAL_LINE;
      const line = parseLine(said.line ?? usual) ?? { baudRate: 19_200, dataBits: 8, parity: 'even', stopBits: 1 };
      return { type: 'serial', port: portOf(where), line, rs485: said.rs485 ?? false, access };
    }
    default:
      return { type: 'tcp', ...tcpAddressOf(said.listen), access };
  }
}

function accessOf(said: SaidClients, folder: string): AccessConfig {
  return {
    framing: said.framing,
    tokenFile: said['token-file'] === undefined ? null : resolve(folder, said['token-file']),
    allow: said.allow,
    units: new Map(Object.entries(said.units ?? {}).map(([unit, use]) => [Number(unit), use])),
    writes: writesOf(said.writes),
    greets: said.greeting === 'banner',
  };
}

function writesOf(said: SaidClients['writes']): WritesConfig | null {
  if (said === undefined) return null;
  if (said === 'codes' || said === 'none') return said;
  const codes = said.filter((one) => typeof one === 'number');
  return codes.length > 0 || said.length === 0 ? { codes } : { ranges: said.filter((one) => typeof one === 'object') };
}

function tcpAddressOf(said: string): { host: string; port: number } {
  const [, host = '', port = ''] = /^tcp:\/\/\[?(.*?)\]?:(\d+)$/.exec(said) ?? [];
  return { host, port: Number(port) };
}
