import { formatLine } from '../../../values/line-settings.js';
import { exchangeFloorUs, longestExchangeUs } from '../../budget/exchange-floor.js';
import type { BoardConfig, Config, Framing, InputConfig } from '../../config.js';
import type { LinesProtocol, ModbusProtocol, ProtocolConfig } from '../../protocol-config.js';
import { formatDuration } from '../../schema/duration.js';
import type { Finding } from '../finding.js';
import { checkClearOnRead } from './check-clear-on-read.js';
import { checkResync } from './check-resync.js';

/** Of boards with firmware of their own: what is asked of them that they cannot do, or not in time. */
export function checkProtocol(config: Config): readonly Finding[] {
  const { protocol } = config;
  if (protocol.dialect === 'harness') return [];
  return [
    ...config.inputs.flatMap((input) => checkSource(input, protocol)),
    ...checkNamedValues(config),
    ...config.boards.flatMap((board) => checkCharacters(board, protocol)),
    ...checkExchange(config, protocol),
    ...(protocol.dialect === 'modbus' ? checkSlaves(config, protocol) : checkResync(config, protocol)),
  ];
}

function framingOf(input: InputConfig): Framing | null {
  return 'access' in input ? input.access.framing : null;
}

/** What the gateway makes up by itself means nothing to firmware that nobody changed. */
function checkSource(input: InputConfig, { dialect }: ProtocolConfig): readonly Finding[] {
  if ('access' in input) return [];
  const said = input.type === 'ticks' ? `every ${formatDuration(input.everyUs)}` : `${input.type} ${input.pin}`;
  const instead =
    dialect === 'modbus'
      ? "input: { listen: 'tcp://127.0.0.1:1502', framing: modbus-tcp, units: { 5: pair } }; what the gateway itself reads is protocol.watch"
      : "input: { listen: 'tcp://127.0.0.1:7400', framing: lines }";
  return [
    {
      severity: 'error',
      key: 'input',
      message: `${said} gives inputs of the firmware harness, which mean nothing to these boards`,
      remedy: `let the program that talks to such a board today be the one that asks: ${instead}`,
    },
  ];
}

/** R20: fields lie in frames of the harness; what else is compared with a tolerance has a place of another kind. */
function checkNamedValues({ fields, sources, outputs, protocol }: Config): readonly Finding[] {
  const named = [
    ...(fields.input.length + fields.result.length + fields.state.length > 0 ? ['fields'] : []),
    ...(sources.length > 0 ? ['sources'] : []),
    ...(outputs.length > 0 ? ['outputs'] : []),
  ];
  const place = protocol.dialect === 'modbus' ? '{ input: 3, by: 2 }' : "{ pattern: 'flow=([0-9.]+)', by: 0.5 }";
  return named.map((key) => ({
    severity: 'error',
    key,
    message: `${key} names values of a sketch of the firmware harness, and these boards run none`,
    remedy: `leave it out; what may differ by a little is protocol.tolerance: [${place}], and what is not compared protocol.ignore`,
  }));
}

function checkCharacters({ board, line }: BoardConfig, { dialect }: ProtocolConfig): readonly Finding[] {
  if (dialect !== 'modbus' || line.dataBits === 8) return [];
  return [
    {
      severity: 'error',
      key: `boards.${board}.line`,
      message: `${formatLine(line)} carries ${line.dataBits} bits a character, and Modbus RTU takes 8 (7 bits are Modbus ASCII)`,
      remedy: `set the slave to RTU, and say ${formatLine({ ...line, dataBits: 8 })}`,
    },
  ];
}

/** R14: a deadline that a sound board cannot always meet would lock sound boards out. */
function checkExchange(config: Config, protocol: LinesProtocol | ModbusProtocol): readonly Finding[] {
  const { deadlineUs } = protocol;
  if (deadlineUs === null) return [];
  const [slowest] = config.boards
    .map((board) => ({ board, floorUs: exchangeFloorUs(board, protocol) }))
    .sort((one, other) => other.floorUs - one.floorUs);
  if (slowest === undefined) return [];
  const { board, floorUs } = slowest;
  if (deadlineUs < floorUs) {
    return [
      {
        severity: 'error',
        key: 'protocol.deadline',
        message: `${formatDuration(deadlineUs)} is less than board ${board.board} may need when all is well: ${formatDuration(floorUs)} for a usual answer at ${formatLine(board.line)}`,
        remedy: `set it to ${Math.ceil((2 * floorUs) / 1000)}ms or more; measure what the board takes by itself (2 to 300 ms), and add that`,
      },
    ];
  }
  const longestUs = longestExchangeUs(board);
  if (protocol.dialect !== 'modbus' || deadlineUs >= longestUs) return [];
  return [
    {
      severity: 'note',
      key: 'protocol.deadline',
      message: `the longest answer of a slave takes ${formatDuration(longestUs)} at ${formatLine(board.line)}, and the deadline is ${formatDuration(deadlineUs)}: a slave that is read so much at once would be declared failed`,
      remedy:
        'see what the master reads at once; where it is more than some ten registers, make the deadline longer or the line faster',
    },
  ];
}

function checkSlaves(config: Config, protocol: ModbusProtocol): readonly Finding[] {
  return [
    ...checkAnswerWithin(config, protocol),
    ...checkClearOnRead(protocol),
    ...checkWatch(protocol),
    ...checkCopying(config, protocol),
    ...checkPulse(protocol),
  ];
}

/** R25: whoever is given registers acts on them at once: it must not be at the actuator meanwhile. */
function checkCopying({ relay, switchesNothing }: Config, { joinCopy }: ModbusProtocol): readonly Finding[] {
  if (joinCopy.length === 0 || relay.kind !== 'none' || switchesNothing) return [];
  return [
    {
      severity: 'error',
      key: 'protocol.join',
      message:
        'a slave that joins acts on each register that it is given, and without a relay its outputs are at the actuator while it is',
      remedy: 'name a relay, or leave join out: bring the slave to where the other is by hand, before it joins',
    },
  ];
}

/** Nobody writes what only reads. */
function checkPulse({ pulse }: ModbusProtocol): readonly Finding[] {
  const fixed = pulse.find(({ space }) => space !== 'holding' && space !== 'coils');
  if (fixed === undefined) return [];
  return [
    {
      severity: 'error',
      key: 'protocol.pulse',
      message: `${fixed.space} ${fixed.first} is written by nobody`,
      remedy: 'name holding registers and coils alone: those that do something each time they are written',
    },
  ];
}

/** An answer that leaves too late on RTU would be taken for that to another request. */
function checkAnswerWithin(config: Config, protocol: ModbusProtocol): readonly Finding[] {
  if (!config.inputs.some((input) => framingOf(input) === 'modbus-rtu')) return [];
  const { deadlineUs, answerWithinUs } = protocol;
  const second = Math.max(...config.boards.map((board) => exchangeFloorUs(board, protocol)));
  const neededUs = deadlineUs + config.catchUpUs + config.relay.operateUs + second;
  if (neededUs <= answerWithinUs) return [];
  return [
    {
      severity: 'error',
      key: 'protocol.answer-within',
      message:
        `an answer at a takeover takes ${formatDuration(neededUs)} (deadline ${formatDuration(deadlineUs)}, catch-up ${formatDuration(config.catchUpUs)}, ` +
        `relay ${formatDuration(config.relay.operateUs)}, the second slave ${formatDuration(second)}), and after ${formatDuration(answerWithinUs)} none leaves any more: masters would see every takeover`,
      remedy:
        'make deadline or catch-up shorter, or answer-within longer where the master waits longer than that (docs/protocols.md has the time-outs of common ones)',
    },
  ];
}

function checkWatch({ watch, restartSign, joinCopy, readFrom }: ModbusProtocol): readonly Finding[] {
  const findings: Finding[] = [];
  if (watch.length === 0 && readFrom === 'primary') {
    findings.push({
      severity: 'error',
      key: 'protocol.watch',
      message:
        'read-from: primary leaves out the copies of reads, and the gateway reads nothing by itself: nothing compares the slaves',
      remedy: 'name the registers that matter: watch: { holding: 0-19, coils: 0-7 }, or say read-from: both',
    });
  } else if (watch.length === 0) {
    findings.push({
      severity: 'note',
      key: 'protocol.watch',
      message: 'the gateway reads nothing by itself: the slaves are compared by what the master asks for alone',
      remedy: 'name the registers that matter: watch: { holding: 0-19, coils: 0-7 } (addresses on the wire, from 0)',
    });
  }
  if (restartSign === null) {
    findings.push({
      severity: 'note',
      key: 'protocol.restart-sign',
      message: 'a slave restarts without a word: that shows by comparison alone',
      remedy: 'where it has one, name an uptime or a count of its starts: restart-sign: { input: 100 }',
    });
  }
  const fixed = joinCopy.find(({ space }) => space !== 'holding' && space !== 'coils');
  if (fixed !== undefined) {
    findings.push({
      severity: 'error',
      key: 'protocol.join',
      message: `${fixed.space} ${fixed.first} cannot be copied to a slave: nobody can write it`,
      remedy: 'name holding registers and coils alone; what a slave measures it measures itself',
    });
  }
  if (joinCopy.length === 0) {
    findings.push({
      severity: 'note',
      key: 'protocol.join',
      message:
        'nothing is copied to a slave that joins: it is compared as it stands, and differs until the master has written everything again',
      remedy:
        'name what it is to be given, in that order: join: { copy: [{ holding: 0-9 }] }; never address, baud rate, or what starts and saves',
    });
  }
  return findings;
}
