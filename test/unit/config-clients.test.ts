import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/config/checks/check-config.js';
import { type ListeningInput, OPEN_ACCESS } from '../../src/config/config.js';
import { parseConfig } from '../../src/config/load/load-config.js';

/** Boards that speak as masters, or people, are used to. */
function configOf(input: string, protocol = 'profile: modbus-rtu') {
  const boards = `, line: 19200-8E1${protocol.includes('modbus') ? ', address: 5' : ''}`;
  const text = [
    `boards: { a: { kind: serial, port: usb-1.2${boards} }, b: { kind: serial, port: usb-1.3${boards} } }`,
    'relay: { pin: GPIO17, at-rest: a, feedback: GPIO27, hold-off: latched-reset }',
    `protocol: { ${protocol} }`,
    `input: ${input}`,
  ];
  return parseConfig(text.join('\n'), 'oven.yaml', '/srv/oven');
}

const inputOf = (input: string, protocol?: string) => configOf(input, protocol).inputs[0] as ListeningInput;

function complaintsOf(input: string, protocol?: string): string {
  try {
    configOf(input, protocol);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'nothing is wrong';
}

const findingsOf = (input: string, protocol?: string) =>
  checkConfig(configOf(input, protocol), { exists: () => true, fileSystem: () => 'tmpfs' })
    .filter(({ key }) => key.startsWith('input'))
    .map(({ severity, key }) => `${severity} ${key}`);

describe('clients with a protocol of their own', () => {
  it('are Modbus masters over TCP, with units and what they may write', () => {
    expect(
      inputOf(
        "{ listen: 'tcp://127.0.0.1:1502', framing: modbus-tcp, units: { 5: pair, 0: broadcast }, writes: codes }",
      ),
    ).toEqual({
      ...{ type: 'tcp', host: '127.0.0.1', port: 1502 },
      access: {
        ...OPEN_ACCESS,
        framing: 'modbus-tcp',
        units: new Map([
          [5, 'pair'],
          [0, 'broadcast'],
        ]),
        writes: 'codes',
      },
    });
  });

  it('are masters at a serial port, 8E1 unless it is said otherwise, or at what looks like one', () => {
    expect(inputOf("{ listen: 'serial:usb-1.4', framing: modbus-rtu, units: { 5: pair } }")).toMatchObject({
      type: 'serial',
      port: { type: 'usb', place: '1.4' },
      line: { baudRate: 19_200, dataBits: 8, parity: 'even', stopBits: 1 },
    });
    const own = "{ listen: 'serial:/dev/ttyAMA0', framing: modbus-rtu, units: { 5: pair }, line: 9600-8N2 }";
    expect(inputOf(own)).toMatchObject({ port: { path: '/dev/ttyAMA0' }, line: { baudRate: 9600, stopBits: 2 } });
    expect(inputOf("{ listen: 'pty:port', framing: modbus-rtu, units: { 5: pair } }")).toMatchObject({
      ...{ type: 'pty', path: '/srv/oven/port' },
      device: { owner: null, group: null, mode: 0o600 },
    });
    const shared =
      "{ listen: 'pty:/run/x', framing: lines, group: dialout, owner: '1000', mode: '0660', greeting: banner }";
    expect(inputOf(shared, 'profile: lines-ok')).toMatchObject({
      ...{ path: '/run/x', access: { framing: 'lines', greets: true } },
      device: { owner: '1000', group: 'dialout', mode: 0o660 },
    });
  });

  it.each([
    ['none', 'none'],
    ['[6, 16]', { codes: [6, 16] }],
    ['[]', { codes: [] }],
    [
      '{ holding: [0-19, 30], coils: 7 }',
      {
        ranges: [
          { space: 'holding', first: 0, last: 19 },
          { space: 'holding', first: 30, last: 30 },
          { space: 'coils', first: 7, last: 7 },
        ],
      },
    ],
  ])('may write %s', (said, writes) => {
    const input = `{ listen: 'tcp://127.0.0.1:1502', framing: modbus-tcp, units: { 5: pair }, writes: ${said} }`;
    expect(inputOf(input).access.writes).toEqual(writes);
  });

  it.each([
    [
      "{ listen: 'tcp://127.0.0.1:1', framing: modbus-tcp }",
      'oven.yaml:4: input.units is missing; expected which unit ids',
    ],
    [
      "{ listen: 'tcp://127.0.0.1:1', framing: modbus-tcp, units: { 5: refused } }",
      'at least one unit id that is the pair',
    ],
    ["{ listen: 'tcp://127.0.0.1:1', framing: modbus-tcp, units: { 256: pair } }", 'a unit id from 0 to 255'],
    ["{ listen: 'tcp://127.0.0.1:1', framing: modbus-tcp, units: { 5: pear } }", 'one of pair, broadcast, refused'],
    [
      "{ listen: 'tcp://127.0.0.1:1', framing: modbus-tcp, units: { 5: pair }, writes: all }",
      'expected codes, none, a list',
    ],
    [
      "{ listen: 'tcp://127.0.0.1:1', framing: modbus-tcp, units: { 5: pair }, writes: { holding: 40001 } }",
      '0 where 40001 is the number in a manual',
    ],
    [
      "{ listen: 'tcp://127.0.0.1:1', framing: modbus-tcp, units: { 5: pair }, writes: { input: 1 } }",
      'coils and holding: nothing else can be written',
    ],
    [
      "{ listen: 'pty:/run/x', framing: modbus-tcp, units: { 5: pair } }",
      'expected modbus-rtu: that is what masters speak',
    ],
    ["{ listen: 'tcp://127.0.0.1:1', units: { 5: pair } }", 'units for framing: modbus-tcp and modbus-rtu only'],
    ["{ listen: 'tcp://127.0.0.1:1', framing: lines, token-file: t }", 'token-file for framing: json-lines only'],
    ["{ listen: 'tcp://127.0.0.1:1', mode: '0660' }", 'mode for a pty: path only'],
    ["{ listen: 'tcp://127.0.0.1:1', line: 9600-8N1 }", 'line for a serial: port only'],
    ["{ listen: 'tcp://127.0.0.1:1', greeting: banner }", 'greeting for framing: lines only'],
    ["{ listen: 'pty:/run/x', allow: [10.0.0.1] }", 'allow for a tcp:// address only'],
    ["{ listen: 'pty:/run/x', mode: rw }", "four octal digits in quotes, such as '0660'"],
    ["{ listen: 'serial:usb-1.4', line: fast }", 'such as 115200-8N1'],
    ["{ listen: 'tcp://127.0.0.1:1', framing: modbustcp }", 'one of json-lines, lines, modbus-rtu, modbus-tcp'],
    ["[{ listen: 'pty:/run/x' }, { listen: 'pty:/run/x' }]", 'another one than input[0], which has it already'],
    ["[{ listen: 'pty:/run/x' }, { listen: 'unix:/run/x' }]", 'another one than input[0], which has it already'],
    ["[{ listen: 'serial:usb-1.4' }, { listen: 'serial:usb-1.4' }]", 'another one than input[0], which has it already'],
    [
      "{ listen: 'pty:/dev/null' }",
      `oven.yaml:4: input.listen is "pty:/dev/null"; expected a path outside of /dev, /proc and /sys`,
    ],
    ["{ listen: 'pty:/dev/ttyV0' }", 'outside of /dev, /proc and /sys'],
    ["{ listen: 'pty:/proc/x' }", "such as 'pty:/run/copycat/port'"],
    ["[{ listen: 'unix:/sys/x' }]", 'oven.yaml:4: input[0].listen is "unix:/sys/x"; expected a path outside of'],
    ["{ listen: 'pty:copycat.sqlite' }", 'another path than the ledger has'],
    ["{ listen: 'pty:copycat.sqlite-wal' }", 'another path than the ledger has'],
    ["{ listen: 'pty:copycat.sock' }", 'another path than the control socket has'],
    ["{ listen: 'unix:t', token-file: t }", 'another path than the token file has'],
  ])('are told of what cannot be: %s', (input, expected) => {
    expect(complaintsOf(input)).toContain(expected);
  });

  it('are told by their place in a list, with the line and the value that is wrong there', () => {
    const input = `
  - { listen: 'tcp://127.0.0.1:1502', framing: modbus-tcp, units: { 5: pair } }
  - listen: 'tcp://127.0.0.1:1503'
    units: { 5: pair }
  - listen: 'tcp://127.0.0.1:70000'`;
    const lines = complaintsOf(input).split('\n');
    expect(lines[0]).toMatch(/^oven\.yaml:\d+: input\[1\]\.units is \{"5":"pair"\}; expected units for framing/);
    expect(lines[1]).toMatch(
      /^oven\.yaml:\d+: input\[2\]\.listen is "tcp:\/\/127\.0\.0\.1:70000"; expected a port number up to 65535/,
    );
    const [units = 0, port = 0] = lines.map((line) => Number(/:(\d+):/.exec(line)?.[1]));
    expect(port - units).toBe(1);
  });

  it.each([
    ["{ listen: 'tcp://10.0.0.5:502', framing: modbus-tcp, units: { 5: pair }, writes: none }", ['error input']],
    [
      "{ listen: 'tcp://10.0.0.5:502', framing: modbus-tcp, units: { 5: pair }, allow: [10.0.0.9] }",
      ['error input.writes', 'warning input.allow'],
    ],
    [
      "{ listen: 'tcp://10.0.0.5:502', framing: modbus-tcp, units: { 5: pair }, allow: [10.0.0.9], writes: none }",
      ['warning input.allow'],
    ],
    ["{ listen: 'tcp://127.0.0.1:502', framing: modbus-tcp, units: { 5: pair } }", []],
    ["{ listen: 'pty:/run/x', framing: modbus-rtu, units: { 5: pair }, mode: '0666' }", ['warning input.mode']],
    ["{ listen: 'pty:/run/x', framing: modbus-rtu, units: { 0: pair } }", ['warning input.units']],
    ["{ listen: 'pty:/run/x', framing: modbus-rtu, units: { 5: pair, 0: broadcast } }", []],
    ["{ listen: 'tcp://127.0.0.1:1', framing: modbus-tcp, units: { 0: pair } }", []],
    ["{ listen: 'serial:usb-1.3', framing: modbus-rtu, units: { 5: pair } }", ['error input.listen']],
    ["{ listen: 'tcp://127.0.0.1:1', framing: lines }", ['error input.framing']],
  ])('are checked: %s', (input, findings) => {
    expect(findingsOf(input)).toEqual(findings);
  });
});
