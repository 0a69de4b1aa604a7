import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load/load-config.js';
import { profileNames, readProfile } from '../../src/config/load/protocol/profile-files.js';
import type { LinesProtocol, ModbusProtocol } from '../../src/config/protocol-config.js';
import { protocolSchema } from '../../src/config/schema/protocol/protocol-schema.js';
import { CopycatError } from '../../src/errors/copycat-error.js';

const file = (protocol: string, ofBoard = ', line: 19200-8E1') => `boards:
  a: { kind: serial, port: usb-1.2${ofBoard} }
  b: { kind: serial, port: usb-1.3${ofBoard} }
relay: { pin: GPIO17, at-rest: a, feedback: GPIO27 }
input: 'tcp://127.0.0.1:7400'
${protocol}
`;
const SLAVE = ', line: 19200-8E1, address: 5';

const load = (text: string) => parseConfig(text, 'valve.yaml', '/srv/valve');

function lines(said: string): LinesProtocol {
  const { protocol } = load(file(`protocol: ${said}`));
  if (protocol.dialect !== 'lines') throw new Error(protocol.dialect);
  return protocol;
}

function modbus(said: string): ModbusProtocol {
  const { protocol } = load(file(`protocol: ${said}`, SLAVE));
  if (protocol.dialect !== 'modbus') throw new Error(protocol.dialect);
  return protocol;
}

function complaints(text: string): readonly string[] {
  try {
    load(text);
  } catch (error) {
    if (error instanceof CopycatError && error.code === 'CONFIG_INVALID') {
      return error.message.split('\n').map((line) => line.replace(/^valve\.yaml:/, ''));
    }
    throw error;
  }
  throw new Error('the configuration was accepted');
}

const complaintsOf = (said: string, ofBoard?: string) => complaints(file(`protocol: ${said}`, ofBoard));

describe('protocol', () => {
  it('of a mistyped name is one error, and what it was to be is looked at for the others', () => {
    expect(complaintsOf('{ profile: modbus-rt }', SLAVE)).toHaveLength(1);
    const both = complaintsOf("{ profile: modbus-rt, done: '^ok$' }", SLAVE);
    expect(both.map((text) => /protocol\.\w+/.exec(text)?.[0])).toEqual(['protocol.profile', 'protocol.done']);
  });

  it('left out: the firmware harness, and a deadline is needed', () => {
    expect(load(file('deadline: 50ms')).protocol).toEqual({ dialect: 'harness' });
    expect(complaints(file(''))).toEqual(['1: deadline is missing; expected a duration, such as 50ms, 1s or 100us']);
  });

  it('has the profiles that come along, each whole as it is', () => {
    expect(profileNames()).toEqual(['lines-ok', 'lines-query', 'modbus-rtu', 'prompt']);
    for (const name of profileNames()) {
      const isSlave = readProfile(name).dialect === 'modbus';
      const { protocol } = load(file(`protocol: { profile: ${name} }`, isSlave ? SLAVE : undefined));
      expect(protocol).toMatchObject({ profile: name, dialect: readProfile(name).dialect });
    }
  });

  it('is what the profile says, and what the file says instead', () => {
    expect(lines('{ profile: lines-ok }')).toMatchObject({
      answerEnds: 'done',
      done: '^ok$',
      error: '^error',
      push: null,
    });
    const own = lines(
      "{ profile: lines-ok, done: /^OK/, push: '^!', window: { bytes: 127 }, max-line: 79, ignore: ['sn=(\\d+)'], resync: { from: /^HOME$/ } }",
    );
    expect(own).toMatchObject({
      ...{ done: '^OK', error: '^error', push: '^!', window: { of: 'bytes', most: 127 } },
      ...{ maxLineBytes: 79, ignore: ['sn=(\\d+)'], resync: { from: { pattern: '^HOME$' }, pace: 'full' } },
    });
  });

  it('reads the ends of lines in double and in single quotes', () => {
    expect(lines('{ profile: lines-ok, delimiter: "\\r\\n" }').delimiter).toBe('\r\n');
    expect(lines("{ profile: lines-ok, delimiter: '\\r\\n', line-end: '\\x0d' }")).toMatchObject({
      delimiter: '\r\n',
      lineEnd: '\r',
    });
  });

  it('has one deadline, which the file may say in either place', () => {
    expect(load(file('protocol: { profile: lines-ok }')).deadlineUs).toBe(1_000_000);
    expect(load(file('protocol: { profile: lines-ok, deadline: 2s }')).deadlineUs).toBe(2_000_000);
    expect(load(file('protocol: { profile: lines-ok }\ndeadline: 3s'))).toMatchObject({
      deadlineUs: 3_000_000,
      protocol: { deadlineUs: 3_000_000 },
    });
    expect(lines('{ profile: lines-ok, deadline: none }').deadlineUs).toBeNull();
    expect(complaints(file('protocol: { profile: lines-ok, deadline: 2s }\ndeadline: 3s'))).toEqual([
      '7: deadline is "3s"; expected protocol.deadline alone, which says the same',
    ]);
  });

  it('R25: asks slaves who they are where that is said, and by which function', () => {
    const identityOf = (said: string) => modbus(`{ profile: modbus-rtu${said} }`).identity;
    expect(['', ', identity: none', ', identity: device', ', identity: server-id'].map(identityOf)).toEqual([
      null,
      null,
      'device',
      'server-id',
    ]);
  });

  it('names registers by their addresses on the wire, and keeps the order of what is copied', () => {
    expect(
      modbus(
        '{ profile: modbus-rtu, watch: { coils: 0-7, holding: [0-3, 0x10] }, join: { copy: [{ holding: 5-9 }, { coils: 1 }, { holding: 0 }] }, restart-sign: { input: 2, type: u32, word-order: low-first } }',
      ),
    ).toMatchObject({
      watch: [
        { space: 'holding', first: 0, last: 3 },
        { space: 'holding', first: 16, last: 16 },
        { space: 'coils', first: 0, last: 7 },
      ],
      joinCopy: [
        { space: 'holding', first: 5, last: 9 },
        { space: 'coils', first: 1, last: 1 },
        { space: 'holding', first: 0, last: 0 },
      ],
      restartSign: { space: 'input', address: 2, type: 'u32', wordOrder: 'low-first' },
    });
    expect(modbus('{ profile: modbus-rtu, codes: { 65: { request: 4, answer: { count-at: 0 } } } }').codes).toEqual(
      new Map([[65, { request: { bytes: 4 }, answer: { countAt: 0 } }]]),
    );
  });

  it('asks a slave at one address whether it is there, of any kind', () => {
    const probe = (said: string) => modbus(`{ profile: modbus-rtu, probe: ${said} }`).probe;
    expect(probe('{ discrete: 3 }')).toEqual({ space: 'discrete', first: 3, last: 3 });
    expect(probe('{ holding: "0x9c41" }')).toEqual({ space: 'holding', first: 40_001, last: 40_001 });
    expect(modbus('{ profile: modbus-rtu }').probe).toBeNull();
  });

  it('what is left out is what its description says', () => {
    const { startQuietUs } = lines('{ profile: lines-ok }');
    const { description } = protocolSchema.shape['start-quiet'].unwrap();
    expect(description).toContain(`Default: ${startQuietUs / 1000}ms.`);
  });

  it('tells a number of a manual from an address, with both readings', () => {
    expect(complaintsOf('{ profile: modbus-rtu, watch: { holding: 40001 } }', SLAVE)).toEqual([
      "6: protocol.watch.holding is 40001; expected 0 where 40001 is the number in a manual, which counts from 40001, or '0x9c41' in quotes where the address on the wire is 40001",
    ]);
    expect(complaintsOf('{ profile: modbus-rtu, pulse: { holding: 400010 } }', SLAVE)).toEqual([
      '6: protocol.pulse.holding is 400010; expected 9 where 400010 is the number in a manual, which counts from 400001',
    ]);
    expect(modbus('{ profile: modbus-rtu, watch: { holding: "0x9c41" } }').watch).toEqual([
      { space: 'holding', first: 40_001, last: 40_001 },
    ]);
  });

  it('reads tolerances of text and of registers', () => {
    expect(
      lines("{ profile: lines-query, tolerance: [{ pattern: 'f=([0-9.]+)', by: 0.5, name: flow }] }").tolerances,
    ).toEqual([{ name: 'flow', unit: '', pattern: 'f=([0-9.]+)', tolerance: 0.5 }]);
    expect(modbus('{ profile: modbus-rtu, tolerance: [{ holding: 12, by: 2 }] }').tolerances).toMatchObject([
      { name: 'holding 12', space: 'holding', address: 12, type: 'u16', tolerance: 2 },
    ]);
  });
});

describe('wrong use of protocol is told with its line', () => {
  it.each([
    [
      "{ profile: lines-ok, push: '^o' }",
      'protocol.push is "^o"; expected a pattern that has no line in common with done of lines-ok (^ok$): both match "ok"',
    ],
    [
      "{ profile: lines-ok, push: '^!', banner: '^[!v]' }",
      'protocol.banner is "^[!v]"; expected a pattern that has no line in common with protocol.push (^!): both match "!"',
    ],
    [
      "{ profile: lines-ok, done: '^e' }",
      'protocol.done is "^e"; expected a pattern that has no line in common with error of lines-ok (^error): both match "error"',
    ],
    [
      "{ profile: lines-ok, push: 'x*' }",
      'protocol.push is "x*"; expected a pattern that does not match nothing, which every line has in it',
    ],
    ["{ profile: lines-ok, push: '(a+)+' }", 'protocol.push is "(a+)+"; expected no repetition within a repetition'],
    [
      '{ profile: lines-ko }',
      'protocol.profile is "lines-ko"; expected one of lines-ok, lines-query, modbus-rtu, prompt; did you mean lines-ok?',
    ],
    [
      '{ profile: lines-ok, turnaround: 5ms }',
      'protocol.turnaround is "5ms"; expected nothing: lines-ok has no such key (modbus-rtu)',
    ],
    ['{ profile: lines-ok, doen: x }', 'unknown key doen in protocol; did you mean done?'],
    ['{ profile: lines-ok, dialect: lines }', 'protocol.dialect is "lines"; expected nothing: the profile says it'],
    [
      "{ profile: lines-query, done: '^ok$' }",
      'protocol.done is "^ok$"; expected nothing: with answer-ends: line it ends no answer',
    ],
    ['{ profile: lines-query, answer-ends: done }', "protocol.done is missing; expected a pattern, such as '^ok$'"],
    [
      '{ profile: prompt, window: { lines: 2 } }',
      'protocol.window is {"lines":2}; expected { lines: 1 }: a prompt does not say which line it answers',
    ],
    [
      '{ profile: lines-ok, window: { bytes: 20 } }',
      'protocol.max-line is 120; expected at most 19, what window.bytes (20) holds with its end',
    ],
    [
      '{ profile: lines-ok, max-line: 3, identity: [VERSION] }',
      'protocol.max-line is 3; expected as much as the line VERSION has',
    ],
    [
      '{ profile: lines-ok, tolerance: [{ holding: 3, by: 1 }] }',
      'expected patterns: answers of lines have no registers',
    ],
    [
      "{ profile: lines-ok, tolerance: [{ pattern: 'f', by: 1 }] }",
      'protocol.tolerance[0].pattern is "f"; expected a pattern with one group, the number, such as \'flow=([0-9.]+)\'',
    ],
    [
      '{ profile: lines-ok, identity: device }',
      'protocol.identity is "device"; expected lines that only ask, such as [\'VERSION\']',
    ],
    ['{ profile: lines-ok, probe: { holding: 0 } }', 'expected a line that only asks: such boards have no registers'],
  ])('%s', (said, expected) => {
    const told = complaintsOf(said);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(expected);
  });

  it.each([
    [
      "{ profile: modbus-rtu, done: '^ok$' }",
      'protocol.done is "^ok$"; expected nothing: modbus-rtu has no such key (lines-ok, lines-query, prompt)',
    ],
    [
      '{ profile: modbus-rtu, identity: [VERSION] }',
      'expected device (function 43/14), server-id (17) or none: slaves answer no lines',
    ],
    [
      '{ profile: modbus-rtu, identity: serial }',
      "expected a list of lines, such as ['$I', '$$'], or of slaves one of device, server-id, none",
    ],
    [
      '{ profile: modbus-rtu, deadline: none }',
      'protocol.deadline is "none"; expected a duration: a slave answers, or is silent for good',
    ],
    [
      '{ profile: modbus-rtu, probe: { holding: 0-3 } }',
      'protocol.probe.holding is "0-3"; expected one address on the wire from 0 to 65535, and no range',
    ],
    [
      '{ profile: modbus-rtu, probe: { holding: 40001 } }',
      'protocol.probe.holding is 40001; expected 0 where 40001 is the number in a manual',
    ],
    [
      '{ profile: modbus-rtu, probe: { holding: 0, input: 4 } }',
      'expected a line that only asks, or one address of a slave: { holding: 0 }',
    ],
    ['{ profile: modbus-rtu, probe: VERSION }', 'protocol.probe is "VERSION"; expected one address: { holding: 0 }'],
    [
      "{ profile: modbus-rtu, ignore: ['x'] }",
      'protocol.ignore is ["x"]; expected registers: answers of slaves are no text, such as [{ input: 3 }]',
    ],
    [
      '{ profile: modbus-rtu, codes: { 200: { request: 1, answer: 1 } } }',
      'protocol.codes.200 is "200"; expected a function code from 1 to 127',
    ],
    [
      '{ profile: modbus-rtu, watch: { holding: 9-3 } }',
      'protocol.watch.holding is "9-3"; expected an address on the wire from 0 to 65535, or a range such as 0-19, or a list of them',
    ],
  ])('%s', (said, expected) => {
    const told = complaintsOf(said, SLAVE);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(expected);
  });

  it('a slave without an address, an address without a slave, and line settings that nobody has said', () => {
    expect(complaintsOf('{ profile: modbus-rtu }')).toEqual([
      '2: boards.a.address is missing; expected the address of the slave, 1 to 247',
      '3: boards.b.address is missing; expected the address of the slave, 1 to 247',
    ]);
    expect(complaintsOf('{ profile: lines-ok }', SLAVE)[0]).toBe(
      '2: boards.a.address is 5; expected nothing: only slaves have addresses (protocol: { profile: modbus-rtu })',
    );
    expect(complaintsOf('{ profile: lines-ok }', '')[0]).toBe(
      '2: boards.a.line is missing; expected the line settings of its firmware, such as 19200-8E1',
    );
    expect(complaints(file('deadline: 50ms', SLAVE))[0]).toContain('boards.a.address is 5; expected nothing');
  });
});
