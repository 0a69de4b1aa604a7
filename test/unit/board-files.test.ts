import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statusText } from '../../src/cli/status/status-text.js';
import { linkFloor } from '../../src/config/budget/link-floor.js';
import { checkConfig } from '../../src/config/checks/check-config.js';
import { notKnownOf } from '../../src/config/checks/not-known.js';
import type { Config } from '../../src/config/config.js';
import { factsOfKind } from '../../src/config/load/board-files.js';
import { examineConfigFile, loadConfig } from '../../src/config/load/load-config.js';
import type { BoardStatus } from '../../src/control/contract/status.js';
import { CopycatError } from '../../src/errors/copycat-error.js';
import { flashTrouble } from '../../src/gateway/check-update.js';
import { checkWiring } from '../../src/wiring/checks/check-wiring.js';
import { netlistOf } from '../../src/wiring/netlist/netlist-of.js';
import { statusWith } from './status-kit.js';
import { partOf } from './wiring-kit.js';

const ESP32 = {
  kind: 'esp32',
  name: 'ESP32 DevKit',
  supply: { volts: 3.3 },
  usb: [{ chip: 'CP2102', driver: 'cp210x', ids: ['10c4:ea60'], latencyMs: 1 }],
  uart: { baudRate: 115_200, formats: ['8N1'], opensWithReset: true, rxPin: 3, txPin: 1 },
  pins: {
    digital: [4, 5, 13, 14],
    analog: [34, 35],
    atBoot: [{ pin: 5, level: 'pulsed', until: 'program', why: 'the ROM pulses it at every start' }],
  },
  flash: 'esptool.py --port PORT write_flash 0x10000 IMAGE',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copycat-boards-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The pair's file, both of whose boards are of this kind. */
function pairOf(kind: string, more = ''): string {
  const file = join(folder, 'copycat.yaml');
  writeFileSync(
    file,
    `boards:
  a: { kind: ${kind}, port: usb-1.2${more} }
  b: { kind: ${kind}, port: usb-1.3${more} }
relay: { pin: GPIO17, at-rest: none, feedback: GPIO27 }
input: every 1s
deadline: 1s
`,
  );
  return file;
}

function pairOfFile(facts: unknown): Config {
  writeFileSync(join(folder, 'my-board.json'), typeof facts === 'string' ? facts : JSON.stringify(facts, null, 2));
  return loadConfig(pairOf('./my-board.json'));
}

/** What is said of a file that is refused. */
function refusal(facts: unknown): readonly string[] {
  try {
    pairOfFile(facts);
  } catch (error) {
    if (error instanceof CopycatError && error.code === 'CONFIG_INVALID')
      return error.message.split('\n').map((sentence) => sentence.replace(`${join(folder, 'copycat.yaml')}:2: `, ''));
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a kind of board by a file of the user’s own', () => {
  it('is found beside the configuration, and used as one that comes along', () => {
    const config = pairOfFile(ESP32);
    const [first, second] = config.boards;
    expect(first).toMatchObject({ kind: 'esp32', line: { baudRate: 115_200 } });
    expect(second.facts).toBe(first.facts);
    expect(notKnownOf(first.facts).map(({ fact }) => fact)).not.toContain('supply');
    expect(flashTrouble(first, join(folder, 'x.bin'))).toContain('esptool.py, which flashes a board of kind esp32');
  });

  it('needs a kind and a name; of the rest it is said what is not known', () => {
    const { facts } = pairOfFile({ kind: 'mine', name: 'Mine' }).boards[0];
    expect(notKnownOf(facts)).toEqual(notKnownOf(factsOfKind('serial')));
    expect(facts).toMatchObject({ uart: { baudRate: 500_000, exactBaudRates: [] }, images: {} });
  });

  it('takes every file that comes along, under another name', () => {
    for (const kind of ['uno', 'mega2560', 'posix']) {
      const text = readFileSync(join(import.meta.dirname, `../../boards/${kind}/board.json`), 'utf8');
      const own = pairOfFile({ ...(JSON.parse(text) as object), kind: `my-${kind}`, images: {} }).boards[0].facts;
      expect(own).toEqual({ ...factsOfKind(kind), kind: `my-${kind}`, images: {} });
    }
  });

  it('has images of its own, whose paths begin at its folder', () => {
    mkdirSync(join(folder, 'kinds'), { recursive: true });
    writeFileSync(join(folder, 'kinds/one.json'), JSON.stringify({ ...ESP32, images: { heater: 'my.hex' } }));
    const [first] = loadConfig(pairOf('kinds/one.json', ', firmware: heater.hex')).boards;
    expect(first.firmware).toBe(join(folder, 'kinds/my.hex'));
  });

  it('is drawn with its levels, and checked by its pins', () => {
    const config = pairOfFile(ESP32);
    expect(partOf(netlistOf(config), 'sensor-a')?.note).toBe('output of 0 to 3.3 V');
    expect(partOf(netlistOf(config), 'board-a')?.terminals.map(({ label }) => label)).toContain('3V3');
    expect(partOf(netlistOf(config), 'load')?.note).toContain('takes a 3.3 V level');
    const findings = checkWiring({ ...config, wiring: { ...config.wiring, outputs: ['D5'], sensorPin: 'A9' } });
    const messages = findings.map(({ severity, message }) => `${severity} ${message}`);
    expect(messages).toContain('warning D5 of the ESP32 DevKit: the ROM pulses it at every start');
    expect(messages).toContain('error an ESP32 DevKit has no A9');
  });

  it('is no partner for a board whose outputs have another level', () => {
    const config = pairOfFile(ESP32);
    const [first, second] = config.boards;
    const uno = { ...second, kind: 'uno', facts: factsOfKind('uno') };
    const messages = checkWiring({ ...config, boards: [first, uno] }).map(({ message }) => message);
    expect(messages).toContainEqual(expect.stringContaining('board a gives 3.3 V and board b 5 V'));
  });

  it.each<[string, unknown, string]>([
    [
      'a wrong value',
      { ...ESP32, uart: { baudRate: 'fast' } },
      './my-board.json:18: uart.baudRate is "fast"; expected a whole number from 1200 to 2000000',
    ],
    ['a missing name', { kind: 'mine' }, './my-board.json:1: name is missing; expected a name, such as "ESP32 DevKit"'],
    [
      'a mistyped key',
      { ...ESP32, supply: { volt: 3.3 } },
      './my-board.json:5: unknown key volt in supply; did you mean volts?',
    ],
    [
      'a bad format',
      { kind: 'm', name: 'M', uart: { formats: ['9N1'] } },
      './my-board.json:6: uart.formats[0] is "9N1"; expected data bits, parity and stop bits, such as "8N1"',
    ],
    [
      'a flasher without a port',
      { kind: 'm', name: 'M', flash: 'esptool IMAGE' },
      './my-board.json:4: flash is "esptool IMAGE"; expected a command in which PORT and IMAGE each stand once, such as "picotool load IMAGE --ser PORT"',
    ],
    [
      'a name that is taken',
      { kind: 'uno', name: 'Mine' },
      './my-board.json:2: kind is "uno", which comes along; expected a name of its own',
    ],
    [
      'another file',
      '{ "password": "secret" }',
      './my-board.json: neither kind nor name stands in it; expected a file that says what is known of a board: { "kind": "my-board", "name": "My board" }',
    ],
    [
      'a list',
      '[1, 2]',
      './my-board.json: neither kind nor name stands in it; expected a file that says what is known of a board: { "kind": "my-board", "name": "My board" }',
    ],
    [
      'a key twice',
      '{ "kind": "m",\n"name": "M",\n"name": "N" }',
      './my-board.json:3: a key is there twice; expected it once',
    ],
  ])('%s: is refused in one sentence, once for both boards', (_what, facts, sentence) => {
    expect(refusal(facts)).toEqual([sentence]);
  });

  it('says what is no JSON, and shows nothing of it', () => {
    const [sentence = '', ...others] = refusal('secret: [');
    expect(others).toEqual([]);
    expect(sentence).toMatch(/^\.\/my-board\.json: this is no JSON; expected a file that says/);
  });

  it.each(['root:x:0:0\nadmin:x:1:1\n', '{ "kind": "x",\n  "name": root:x }', '["root:x"'])(
    'is one sentence about %j, without a word of it',
    (text) => {
      const [sentence = '', ...others] = refusal(text);
      expect(others).toEqual([]);
      expect(sentence).not.toContain('root');
    },
  );

  it('is told where the JSON breaks off', () => {
    expect(refusal('{ "kind": "x"\n  "name": "X" }')[0]).toMatch(/^\.\/my-board\.json:2: this is no JSON;/);
  });

  it('may begin with the mark of an editor of Windows', () => {
    expect(pairOfFile(`\uFEFF${JSON.stringify(ESP32)}`).boards[0].kind).toBe('esp32');
  });

  it('is refused in a sentence where brackets are nested by the thousand', () => {
    const deep = `{ "kind": "x", "name": "X", "mcu": ${'['.repeat(20_000)}${']'.repeat(20_000)} }`;
    expect(refusal(deep)[0]).toContain('mcu is nested too deep; expected the processor');
  });

  it('says that there is no such file, and nothing that would come of it', () => {
    const { problems, config, isInDoubt } = examineConfigFile(pairOf('./nowhere.json'));
    expect(problems.map(({ key, message }) => `${key}: ${message}`)).toEqual([
      "boards.a.kind: the board's file ./nowhere.json cannot be read: there is no such file; its path begins at the folder of the configuration; docs/boards.md says what stands in it",
    ]);
    expect(config).not.toBeNull();
    for (const key of ['boards.a.kind', 'deadline', 'boards.b.line']) expect(isInDoubt(key)).toBe(true);
  });

  it('is named in the sentence about a kind that there is not', () => {
    expect(() => loadConfig(pairOf('esp32'))).toThrow(
      'boards.a.kind is "esp32"; expected one of uno, nano, nano-old, mega2560, posix, serial, or a file of your own such as ./my-board.json (docs/boards.md)',
    );
  });
});

describe('a board of any make', () => {
  const machine = { exists: () => true, fileSystem: () => 'tmpfs' };

  it('is told apart from what is known: check says each thing, with what is done meanwhile', () => {
    const notes = checkConfig(loadConfig(pairOf('serial')), machine).filter(({ key }) => key === 'boards.a.kind');
    expect(notes.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      'note not known of kind serial: the voltage of its pins',
      'note not known of kind serial: which pins it has, and which of them something drives before the program begins',
      'note not known of kind serial: whether opening its port restarts it (DTR)',
      'note not known of kind serial: whether a bootloader listens first, and how long',
      'note not known of kind serial: how long it takes to start',
      'note not known of kind serial: how many bytes it keeps until its program reads them',
      'note not known of kind serial: how long its link holds bytes back',
      'note not known of kind serial: whether its HELLO has a number of its own (identity)',
      'note not known of kind serial: whether a watchdog restarts it when it hangs',
      'note not known of kind serial: how it is flashed',
    ]);
    expect(notes.every(({ remedy }) => remedy.includes('docs/boards.md'))).toBe(true);
    expect(checkConfig(loadConfig(pairOf('uno')), machine).filter(({ key }) => key === 'boards.a.kind')).toEqual([]);
  });

  it('has no level in the drawing, and the wiring warns of it', () => {
    const config = loadConfig(pairOf('serial'));
    expect(partOf(netlistOf(config), 'board-a')?.note).toBe('board of any make; pin voltage not known');
    expect(partOf(netlistOf(config), 'board-a')?.terminals.map(({ label }) => label)).toContain('V+');
    expect(partOf(netlistOf(config), 'sensor-a')?.note).not.toMatch(/\d V/);
    expect(checkWiring(config)[0]).toMatchObject({ severity: 'warning', key: 'boards.a.kind' });
  });

  it('is counted as slow as the slowest that comes along', () => {
    const floor = (kind: string) => linkFloor(loadConfig(pairOf(kind)).boards[0]).worstUs;
    expect(floor('serial')).toBe(Math.max(...['uno', 'nano', 'nano-old', 'mega2560'].map(floor)));
  });

  it('has no emulator, and so no third copy', () => {
    const file = pairOf('serial');
    writeFileSync(file, `${readFileSync(file, 'utf8')}third-copy: { image: x.hex }\n`);
    expect(checkConfig(loadConfig(file), machine)).toContainEqual(
      expect.objectContaining({ severity: 'error', key: 'third-copy' }),
    );
    const emulated = loadConfig(pairOf('serial').replace(/$/, ''));
    const boards = emulated.boards.map((board) => ({ ...board, port: { type: 'emulated' } as const }));
    expect(checkConfig({ ...emulated, boards: boards as unknown as Config['boards'] }, machine)).toContainEqual(
      expect.objectContaining({ severity: 'error', message: 'a board of kind serial is not emulated' }),
    );
  });

  it('is said to be one in status, in a line, and word by word with --verbose', () => {
    const kind = { name: 'serial', notKnown: ['the voltage of its pins', 'how it is flashed'] };
    const board: Omit<BoardStatus, 'board'> = {
      ...{ role: 'primary', link: 'open', session: 1, behind: 0, joining: null, image: 1, counters: {}, kind },
    };
    const status = statusWith({
      boards: [
        { board: 'a', ...board },
        { board: 'b', ...board },
      ],
    });
    const copycat = { name: 'copycat', option: '' };
    const line = 'kind of a and b  serial: 2 things are not known of it (copycat check lists them)';
    expect(statusText(status, copycat)).toContain(line);
    expect(statusText(status, copycat, true)).toMatch(/not known of a +the voltage of its pins; how it is flashed/);
  });
});
