import { internalError } from '../../../errors/copycat-error.js';
import { nearestWord } from '../../../words/nearest-word.js';
import type { ProtocolConfig } from '../../protocol-config.js';
import type { ConfigFile } from '../../schema/config-schema.js';
import type { Complain, ConfigSource } from '../../schema/explain-issue.js';
import type { SaidProtocol } from '../../schema/protocol/protocol-schema.js';
import { checkLines } from './check-lines.js';
import { linesProtocol, modbusProtocol } from './merged-protocol.js';
import { profileNames, readProfile } from './profile-files.js';

type Key = keyof SaidProtocol;

const OF_ALL: readonly Key[] = ['profile', 'deadline', 'settle', 'ignore', 'tolerance', 'identity', 'probe'];
const OF_LINES: readonly Key[] = [
  'answer-ends',
  'delimiter',
  'line-end',
  'done',
  'error',
  'not-taken',
  'answer',
  'push',
  'banner',
  'keep-alive',
  'prompt',
  'prompt-quiet',
  'start-quiet',
  'may-repeat',
  'window',
  'max-line',
  'max-answer',
  'resync',
  'refusal',
];
const OF_MODBUS: readonly Key[] = [
  'turnaround',
  'answer-within',
  'upstream-silence',
  'read-from',
  'codes',
  'clear-on-read',
  'pulse',
  'watch',
  'written',
  'restart-sign',
  'join',
];

/** What boards of this file speak: its profile with what the file says instead; tells what cannot be. */
export function protocolOf(file: ConfigFile, source: ConfigSource, tell: Complain): ProtocolConfig {
  // As it was written, where it was: what was read of it is not always the same, and some has no JSON.
  const complain: Complain = (path, value, ...why) => tell(path, source.valueAt(path) ?? value, ...why);
  const { protocol: said } = file;
  if (said === undefined) {
    if (file.deadline === undefined) complain(['deadline'], null, 'a duration, such as 50ms, 1s or 100us');
    checkAddresses(file, 'harness', complain);
    return { dialect: 'harness' };
  }
  const names = profileNames();
  if (!names.includes(said.profile)) {
    const near = nearestWord(said.profile, names);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    complain(['protocol', 'profile'], said.profile, `one of ${names.join(', ')}`, hint);
    // One mistake is one error: what else is said is looked at as what was most likely meant.
    return near === undefined
      ? { dialect: 'harness' }
      : protocolOf({ ...file, protocol: { ...said, profile: near } }, source, tell);
  }
  const profile = readProfile(said.profile);
  const { dialect } = profile;
  if (dialect === undefined) throw internalError(`the profile ${said.profile} has no dialect`);
  checkKeys(said, dialect, complain);
  checkDeadline(file, said, dialect, complain);
  checkBoards(file, complain);
  checkAddresses(file, dialect, complain);
  const merged: SaidProtocol = { ...profile, deadline: file.deadline ?? profile.deadline, ...defined(said) };
  const protocol = dialect === 'lines' ? linesProtocol(merged, complain) : modbusProtocol(merged, complain);
  if (protocol.dialect === 'lines') checkLines(protocol, said, complain);
  return protocol;
}

function defined(said: SaidProtocol): SaidProtocol {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as SaidProtocol;
}

function checkKeys(said: SaidProtocol, dialect: 'lines' | 'modbus', complain: Complain): void {
  const own = dialect === 'lines' ? OF_LINES : OF_MODBUS;
  for (const key of Object.keys(defined(said)) as Key[]) {
    if (OF_ALL.includes(key) || own.includes(key)) continue;
    const others = profileNames().filter((name) => readProfile(name).dialect !== dialect);
    const expected =
      key === 'dialect'
        ? 'nothing: the profile says it'
        : `nothing: ${said.profile} has no such key (${others.join(', ')})`;
    complain(['protocol', key], null, expected);
  }
}

function checkDeadline(file: ConfigFile, said: SaidProtocol, dialect: 'lines' | 'modbus', complain: Complain): void {
  if (file.deadline !== undefined && said.deadline !== undefined) {
    complain(['deadline'], file.deadline, 'protocol.deadline alone, which says the same');
  }
  if (dialect === 'modbus' && said.deadline === 'none') {
    complain(['protocol', 'deadline'], 'none', 'a duration: a slave answers, or is silent for good');
  }
}

/** What the firmware harness would begin with is nothing to other firmware. */
function checkBoards(file: ConfigFile, complain: Complain): void {
  for (const [name, board] of Object.entries(file.boards)) {
    if (board.line === undefined && board.baud === undefined) {
      complain(['boards', name, 'line'], null, 'the line settings of its firmware, such as 19200-8E1');
    }
    if (board.port === 'emulated' && board.firmware === undefined) {
      complain(['boards', name, 'firmware'], null, 'the path of a .hex file that speaks this protocol');
    }
  }
}

function checkAddresses(file: ConfigFile, dialect: ProtocolConfig['dialect'], complain: Complain): void {
  for (const [name, { address }] of Object.entries(file.boards)) {
    const path = ['boards', name, 'address'];
    if (dialect === 'modbus' && address === undefined) complain(path, null, 'the address of the slave, 1 to 247');
    if (dialect !== 'modbus' && address !== undefined) {
      complain(path, address, 'nothing: only slaves have addresses (protocol: { profile: modbus-rtu })');
    }
  }
}
