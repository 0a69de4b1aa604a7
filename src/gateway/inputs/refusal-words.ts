import type { ProtocolConfig } from '../../config/protocol-config.js';
import { refusalLine } from '../../link/lines/refusal-line.js';
import { LINE_REASONS, type LineRefusal } from '../../upstream/lines/line-refusals.js';

/** What clients are told in the words of the boards' protocol; null: nothing. */
export function refusalWords(protocol: ProtocolConfig): (reason: LineRefusal) => Uint8Array | null {
  return (reason) => {
    const why = LINE_REASONS[reason];
    if (protocol.dialect !== 'lines' || protocol.refusal === '' || why === null) return null;
    return refusalLine(protocol.refusal, protocol.delimiter, why);
  };
}
