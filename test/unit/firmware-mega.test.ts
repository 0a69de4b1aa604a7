import { beforeEach, describe, expect, it } from 'vitest';
import { heaterHex, heaterSymbols } from '../../src/bench/stage/heater-image.js';
import { atmega2560 } from '../../src/emulator/atmega2560.js';
import { EmulatedBoard } from '../../src/emulator/emulated-board.js';
import { FlashSum } from '../../src/link/harness/flash-sum.js';
import { selfTestReportFromWire } from '../../src/link/harness/self-test-report.js';
import type { SelfTestReportMessage } from '../../src/protocol/messages.generated.js';
import { eepromWithUnit } from '../../src/third-copy/eeprom-with-unit.js';
import { Conversation } from './bench-conversation.js';

const HEX = heaterHex('heater', 'mega2560');
const SESSION = 7;
const START_US = 100_000;
const SLICE_US = 12_000;
/** 8 KB: two cells for each of 13 address lines, 128 pairs a slice. */
const RAM_LINES = 13;
const RAM_SLICES = 416;

describe('the committed heater image on an emulated Mega 2560', () => {
  let avr: EmulatedBoard;
  let talk: Conversation;
  beforeEach(() => {
    avr = new EmulatedBoard({ mcu: atmega2560, hex: HEX, seed: 3 });
    talk = new Conversation(avr);
    talk.wait(START_US);
    talk.open(SESSION);
  });

  function slice(number: number): SelfTestReportMessage {
    talk.send({ kind: 'selfTest', session: SESSION, seq: 0, slice: number });
    const [report] = talk.wait(SLICE_US, 'selfTestReport');
    if (report?.kind !== 'selfTestReport') throw new Error(`slice ${number} was not answered`);
    return report;
  }

  it('R19: finds a stuck bit of its 8 KB of RAM once for every address line, and its flash whole', () => {
    const at = heaterSymbols('heater', 'mega2560').stackBottom - atmega2560.sramStart + 2_000;
    avr.stickBit(atmega2560.sramStart + at, 3, 1);
    const sum = new FlashSum();
    sum.heard(talk.hello());
    const reports = Array.from({ length: RAM_SLICES }, (_, number) => slice(number));
    expect(reports.map(({ last }) => last).lastIndexOf(false)).toBe(RAM_SLICES - 2);
    const bad = reports.filter(({ ramFault }) => ramFault);
    expect(new Set(bad.map(({ ramFaultAt }) => ramFaultAt))).toEqual(new Set([at]));
    expect(bad).toHaveLength(RAM_LINES);
    expect(reports.map((report) => selfTestReportFromWire(report, sum).flash).at(-1)).toBe('ok');
  });

  it('keeps its unit at the end of its own, larger EEPROM', () => {
    const known = new EmulatedBoard({
      ...{ mcu: atmega2560, hex: HEX, seed: 3 },
      eeprom: eepromWithUnit(0xbeef, atmega2560.eepromBytes),
    });
    const other = new Conversation(known);
    other.wait(START_US);
    expect(other.hello().seq).toBe(0xbeef);
    const { seq: unit } = talk.hello();
    expect(unit).not.toBe(0);
    avr.powerCycle(10_000);
    talk.wait(2 * START_US);
    expect(talk.hello().seq).toBe(unit);
  });
});
