import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock/clock.js';
import type { Config, ListeningInput } from '../../config/config.js';
import type { LinesProtocol } from '../../config/protocol-config.js';
import { bytesOf } from '../../link/lines/byte-text.js';
import { NO_CODES } from '../../protocol/modbus/pdu-length.js';
import type { IntakeTurns } from '../../upstream/intake-turns.js';
import { createJsonLinesUpstream } from '../../upstream/json-lines/json-lines-upstream.js';
import { createLinesUpstream } from '../../upstream/lines/lines-upstream.js';
import { createModbusUpstream } from '../../upstream/modbus/modbus-upstream.js';
import { ServedUnits } from '../../upstream/modbus/served-units.js';
import { type LinkNews, PtyTransport } from '../../upstream/transport/pseudo-terminal/pty-transport.js';
import { SerialTransport } from '../../upstream/transport/serial/serial-transport.js';
import { SocketTransport } from '../../upstream/transport/socket-transport.js';
import type { Transport } from '../../upstream/transport/transport.js';
import type { Upstream } from '../../upstream/upstream.js';
import { claimPath } from './claim-path.js';
import { deviceAccess } from './device-access.js';
import { inputPortName, openInputPort } from './open-input-port.js';
import { refusalWords } from './refusal-words.js';

export interface ListeningParts {
  readonly clock: Clock;
  readonly turns: IntakeTurns;
  /** Of an input, by the boards' protocol. */
  readonly maxPayloadBytes: number;
  /** What the boards say when they start, as it was heard last; null: nothing yet. */
  readonly banner: () => Uint8Array | null;
  /** What becomes of the link to a pseudo-terminal. */
  readonly onLink: (news: LinkNews) => void;
}

/** Where clients come to: a way in and a framing. */
export function listeningUpstream(input: ListeningInput, config: Config, parts: ListeningParts): Upstream {
  const { clock, turns, maxPayloadBytes, banner, onLink } = parts;
  const { access } = input;
  const common = { transport: transportOf(input, clock, onLink), clock, turns };
  switch (access.framing) {
    case 'json-lines':
      return createJsonLinesUpstream({ ...common, tokenFile: access.tokenFile, maxPayloadBytes });
    case 'lines':
      return createLinesUpstream({
        ...common,
        runId: randomUUID(),
        maxLineBytes: maxPayloadBytes,
        ...(config.protocol.dialect === 'lines' ? boardsOwnLines(config.protocol) : {}),
        refusal: refusalWords(config.protocol),
        greeting: access.greets ? banner : null,
      });
    case 'modbus-tcp':
    case 'modbus-rtu':
      return createModbusUpstream({
        ...common,
        runId: randomUUID(),
        framing: access.framing,
        units: new ServedUnits(access.units),
        writes: access.writes ?? 'codes',
        codes: config.protocol.dialect === 'modbus' ? config.protocol.codes : NO_CODES,
        ...(config.protocol.dialect === 'modbus' ? { answerWithinUs: config.protocol.answerWithinUs } : {}),
        line: input.type === 'serial' ? input.line : null,
        readsAhead: input.type === 'tcp' || input.type === 'unix',
      });
  }
}

/** Clients speak as to the board itself. */
function boardsOwnLines({ lineEnd, answerEnds }: LinesProtocol): {
  readonly lineEnd: Uint8Array;
  readonly takesEmptyLines: boolean;
} {
  return { lineEnd: bytesOf(lineEnd), takesEmptyLines: answerEnds === 'prompt' };
}

function transportOf(input: ListeningInput, clock: Clock, onLink: (news: LinkNews) => void): Transport {
  switch (input.type) {
    case 'tcp':
    case 'unix':
      return new SocketTransport({ address: input, allow: input.access.allow });
    case 'pty':
      return new PtyTransport({
        path: input.path,
        access: () => deviceAccess(input.device),
        // Lines are said unasked too, and are nobody's business before somebody has come.
        noticesOpening: input.access.framing === 'lines',
        // A master that has gone asks again when it is back, and what it asked before may be wrong by then.
        keepsLastWords: input.access.framing !== 'modbus-rtu',
        claim: () => claimPath(input.path),
        onLink,
        clock,
      });
    case 'serial':
      return new SerialTransport({ name: inputPortName(input.port), open: () => openInputPort(input), clock });
  }
}
