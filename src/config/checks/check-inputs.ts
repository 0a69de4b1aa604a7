import { BlockList, isIP } from 'node:net';
import type { Config, Framing, InputConfig, ListeningInput } from '../config.js';
import type { Finding } from './finding.js';

type TcpInput = Extract<InputConfig, { type: 'tcp' }>;

/** Whether a client can say a token before anything else. */
const HAS_ROOM_FOR_TOKEN: Readonly<Record<Framing, boolean>> = {
  ...{ 'json-lines': true, lines: false, 'modbus-rtu': false, 'modbus-tcp': false },
};
/** What boards have to speak so that they understand what comes; null: any, because payloads are said as they are. */
const DIALECT_OF: Readonly<Record<Framing, Config['protocol']['dialect'] | null>> = {
  ...{ 'json-lines': null, lines: 'lines', 'modbus-rtu': 'modbus', 'modbus-tcp': 'modbus' },
};
const OTHERS = 0o006;

/** Who can drive the pair. */
export function checkInputs(config: Config): readonly Finding[] {
  return config.inputs.flatMap((input) => {
    if (!('access' in input)) return [];
    const findings = [...checkFraming(input, config), ...checkUnits(input), ...checkPort(input, config)];
    return input.type === 'tcp' ? [...findings, ...checkAddress(input), ...checkWrites(input)] : findings;
  });
}

function checkFraming({ access: { framing } }: ListeningInput, { protocol }: Config): readonly Finding[] {
  const dialect = DIALECT_OF[framing];
  if (dialect === null || dialect === protocol.dialect) return [];
  return [
    {
      severity: 'error',
      key: 'input.framing',
      message: `clients speak ${framing}, and the boards would be given that as it is: they speak ${protocol.dialect}`,
      remedy: `say protocol: and a profile of boards that speak ${dialect}, or framing: json-lines`,
    },
  ];
}

/** MODBUS over serial line 1.02, 2.2: 0 is for every slave on the line, and none answers it. */
function checkUnits({ access: { framing, units } }: ListeningInput): readonly Finding[] {
  if (framing !== 'modbus-rtu' || units.get(0) !== 'pair') return [];
  return [
    {
      severity: 'warning',
      key: 'input.units',
      message:
        'on a line unit 0 is for all slaves and gets no answer: masters that write to it wait for none, and none reads by it',
      remedy: 'name the unit that masters ask (5: pair), and say 0: broadcast where they write to all',
    },
  ];
}

/** Who may open the device, and whether the port is somebody else's. */
function checkPort(input: ListeningInput, { boards }: Config): readonly Finding[] {
  if (input.type === 'pty' && (input.device.mode & OTHERS) !== 0) {
    return [
      {
        severity: 'warning',
        key: 'input.mode',
        message: 'every user of this host may open the device, and drive the actuator',
        remedy: "name the group that may (group: and mode: '0660')",
      },
    ];
  }
  if (input.type !== 'serial') return [];
  const board = boards.find(({ port }) => JSON.stringify(port) === JSON.stringify(input.port));
  if (board === undefined) return [];
  return [
    {
      severity: 'error',
      key: 'input.listen',
      message: `this port is board ${board.board}'s`,
      remedy: 'name the port whose other end the master is at',
    },
  ];
}

/** What others than this host may write has to be somebody's decision. */
function checkWrites({ host, access: { framing, writes } }: TcpInput): readonly Finding[] {
  if (isLoopback(host) || writes !== null || DIALECT_OF[framing] !== 'modbus') return [];
  return [
    {
      severity: 'error',
      key: 'input.writes',
      message: `nothing says what masters beyond this host may write: ${host}`,
      remedy: 'say writes: none, or what they need: [6, 16], { holding: 0-19, coils: 0-7 }, or codes for everything',
    },
  ];
}

function checkAddress({ host, access }: TcpInput): readonly Finding[] {
  const { framing, tokenFile, allow } = access;
  const findings: Finding[] = [];
  const isLocal = isLoopback(host);
  if (!isLocal && tokenFile === null && (HAS_ROOM_FOR_TOKEN[framing] || allow.length === 0)) {
    findings.push({
      severity: 'error',
      key: 'input',
      message: `whoever reaches ${host} could drive the actuator: nothing there asks who it is`,
      remedy: HAS_ROOM_FOR_TOKEN[framing]
        ? 'say token-file: and a file with a secret that the first line of each connection has to give, or listen on 127.0.0.1 and let others in by an ssh tunnel'
        : `${framing} has no room for a token: say allow: and the addresses that may connect, or listen on 127.0.0.1`,
    });
  }
  if (!isLocal && tokenFile !== null) {
    findings.push({
      severity: 'note',
      key: 'input.token-file',
      message: 'the token crosses the network readable: whoever listens there has it',
      remedy: 'where that may happen, listen on 127.0.0.1 and let others in by an ssh tunnel, or put TLS in front',
    });
  }
  if (allow.length > 0) {
    findings.push({
      severity: tokenFile === null && !isLocal ? 'warning' : 'note',
      key: 'input.allow',
      message: 'a list of addresses is no authentication: who is on such a network may take any of them',
      remedy: HAS_ROOM_FOR_TOKEN[framing]
        ? 'ask for a token too (token-file)'
        : 'keep that network to machines that may drive the actuator',
    });
  }
  return findings;
}

/** True when only programs of this host can connect. */
function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const family = isIP(host);
  if (family === 0) return false;
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  return loopback.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
