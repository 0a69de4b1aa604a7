import { crc32 } from '../protocol/crc32.js';
import type { SelfTestReportMessage } from '../protocol/messages.generated.js';

const flashSliceBytes = 192;
const ramSlicePairs = 128;
const ramBytes = 2048;
const ramLines = Math.log2(ramBytes);
const pairsOfLine = ramBytes / 2;
const ramSlices = Math.ceil((ramLines * pairsOfLine) / ramSlicePairs);

/** What is broken in a board, for its self-test alone: it goes on as if nothing were. Hardware: no restart mends it. */
export class BoardDefects {
  /** Cells of RAM, counted from its begin, that hold a stuck bit. */
  readonly stuckCells = new Set<number>();
  /** What each byte of flash is changed by. */
  readonly flippedFlash = new Map<number, number>();
  wrongCpu = false;
}

/** One slice, as firmware-harness/src/self-test.c does it. */
export function runSlice(slice: number, program: Uint8Array, defects: BoardDefects): SelfTestReportMessage {
  const flash = program.map((byte, at) => byte ^ (defects.flippedFlash.get(at) ?? 0));
  const piece = flash.subarray(slice * flashSliceBytes, (slice + 1) * flashSliceBytes);
  const fault = slice < ramSlices ? faultOfSlice(slice, defects.stuckCells) : undefined;
  return {
    kind: 'selfTestReport',
    session: 0,
    seq: 0,
    slice,
    last: slice + 1 >= Math.max(ramSlices, Math.ceil(program.length / flashSliceBytes)),
    ramFault: fault !== undefined,
    cpuFault: defects.wrongCpu,
    ramTested: slice < ramSlices,
    flashBytes: piece.length,
    flashCrc: crc32(piece),
    ramFaultAt: fault ?? 0,
  };
}

/** The first stuck cell among the slice's pairs, which differ in one address line each. */
function faultOfSlice(slice: number, stuckCells: ReadonlySet<number>): number | undefined {
  const first = slice * ramSlicePairs;
  const last = Math.min(first + ramSlicePairs, ramLines * pairsOfLine);
  for (let pair = first; pair < last && stuckCells.size > 0; pair += 1) {
    const highBit = 1 << Math.floor(pair / pairsOfLine);
    const number = pair % pairsOfLine;
    const low = number & (highBit - 1);
    const cell = ((number - low) << 1) | low;
    for (const at of [cell, cell | highBit]) if (stuckCells.has(at)) return at;
  }
  return undefined;
}
