// What the library takes of flash and RAM: the least sketch (apps/least) on the bare AVR port, with this and that left out.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { HEATER, linkImage, sizeOf } from '../build-firmware.mjs';

const LEAST = { ...HEATER, folders: ['src', 'ports/avr', 'apps/least'] };
/** Each of these takes something out of features.h. */
const LEFT_OUT = [
  ['the self-test', ['CC_WITH_SELF_TEST=0']],
  ['state transfer', ['CC_WITH_STATE_TRANSFER=0']],
  ['the number of this very board', ['CC_WITH_UNIT=0']],
  ["the library's own log lines", ['CC_WITH_TEXTS=0']],
  ['PWM', ['CC_WITH_PWM=0']],
  ['the second kept result', ['CC_WINDOW=1']],
  ['room in the rings', ['CC_RX_RING_BYTES=128', 'CC_TX_RING_BYTES=65']],
];
/** Each of these is a call that a sketch need not make (apps/named); beside it, what it is compared with. */
const CALLED = [
  ['`CC_STATE` of four names instead of one `cc_state`', [], ['WITH_BLOCK']],
  ['`cc_reply_state` instead of `cc_reply`', ['WITH_REPLY_STATE'], []],
  ['`cc_every`', ['WITH_EVERY'], []],
  ['`cc_log`', ['WITH_LOG'], []],
  ['`cc_logf` of a whole number', ['WITH_LOGF'], []],
  ['`cc_logf` of a float', ['WITH_REAL'], []],
];
const ALL_OUT = LEFT_OUT.flatMap(([, defines]) => defines);

/** Rows of `what`, `flashBytes`, `ramBytes`; those of `without` are left out alone, and the last one all together. */
export function measureSizes(folder) {
  mkdirSync(folder, { recursive: true });
  const rows = [
    { what: 'everything', defines: [] },
    { what: 'everything, a window of 4', defines: ['CC_WINDOW=4'] },
    { what: 'everything, a window of 8', defines: ['CC_WINDOW=8'] },
    { what: 'everything, eight lines, frames of 80 bytes', defines: ['CC_LINES=8'] },
    ...LEFT_OUT.map(([what, defines]) => ({ what: `without ${what}`, defines, isWithout: true })),
    { what: 'without any of these', defines: ALL_OUT },
    { what: 'without any of these, linked with `-flto`', defines: ALL_OUT, flags: ['-flto'] },
    { what: 'everything, linked with `-flto`', defines: [], flags: ['-flto'] },
  ];
  return rows.map(({ what, defines, flags = [], isWithout = false }, index) => {
    const elf = join(folder, `least-${index}.elf`);
    linkImage({ ...LEAST, defines }, elf, flags);
    return { what, defines, isWithout, ...sizeOf(elf) };
  });
}

/** Rows of `what`, `flashBytes`, `ramBytes`: how much more a sketch takes that calls it. */
export function measureCalls(folder) {
  mkdirSync(folder, { recursive: true });
  const sizes = new Map();
  const sizeWith = (defines) => {
    const key = defines.join();
    if (!sizes.has(key)) {
      const elf = join(folder, `named-${key}.elf`);
      linkImage({ ...LEAST, folders: ['src', 'ports/avr', 'apps/named'], defines }, elf);
      sizes.set(key, sizeOf(elf));
    }
    return sizes.get(key);
  };
  return CALLED.map(([what, defines, before]) => {
    const [after, without] = [sizeWith(defines), sizeWith(before)];
    return { what, flashBytes: after.flashBytes - without.flashBytes, ramBytes: after.ramBytes - without.ramBytes };
  });
}
