import type { SelfTestVerdict } from '../../pair/result/messages.js';
import { crc32Joined } from '../../protocol/crc32.js';
import type { HelloMessage, SelfTestReportMessage } from '../../protocol/messages.generated.js';

/**
 * Puts the pieces of flash that a board's self-test sums up together, in the order of its slices from 0 on: the whole must
 * have the hash by which HELLO names the image. So nobody on this side needs the image itself.
 */
export class FlashSum {
  #hello: HelloMessage | null = null;
  #crc = 0;
  #summedBytes = 0;
  /** The last slice that was summed up; null when slices are missing before what may come next. */
  #latest: SelfTestReportMessage | null = null;
  /** A piece has been read twice, and differently. */
  #differs = false;

  /** A board that has restarted may hold another image: what was summed up before is forgotten. */
  heard(hello: HelloMessage): void {
    if (this.#hello?.boot !== hello.boot || this.#hello.imageHash !== hello.imageHash) this.#latest = null;
    this.#hello = hello;
  }

  /** What is known with this report: of the whole image with the last one; before it only that a piece differs when read again. */
  add(report: SelfTestReportMessage): SelfTestVerdict {
    const latest = this.#latest;
    if (report.slice === latest?.slice) {
      this.#differs ||= report.flashCrc !== latest.flashCrc || report.flashBytes !== latest.flashBytes;
    } else if (report.slice === 0 || report.slice - 1 === latest?.slice) {
      this.#append(report);
    } else {
      this.#latest = null;
    }
    if (this.#latest === null || this.#hello === null || this.#summedBytes === 0) return 'not-tested';
    if (this.#differs) return 'bad';
    if (!report.last) return 'not-tested';
    return this.#crc === this.#hello.imageHash ? 'ok' : 'bad';
  }

  #append(report: SelfTestReportMessage): void {
    const { slice, flashBytes, flashCrc } = report;
    if (slice === 0) {
      this.#crc = 0;
      this.#summedBytes = 0;
      this.#differs = false;
    }
    this.#crc = crc32Joined(this.#crc, flashCrc, flashBytes);
    this.#summedBytes += flashBytes;
    this.#latest = report;
  }
}
