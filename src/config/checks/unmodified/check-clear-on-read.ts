import { presenceReads } from '../../../protocol/modbus/presence-reads.js';
import { overlapsAny, placeRange } from '../../../protocol/modbus/register-set.js';
import type { ModbusProtocol, RegisterRange } from '../../protocol-config.js';
import type { Finding } from '../finding.js';

/** What the gateway would read by itself, again and again, though somebody has said that a read clears it: the master would miss it. */
export function checkClearOnRead(protocol: ModbusProtocol): readonly Finding[] {
  const { clearOnRead, watch, written, probe, joinCopy, restartSign } = protocol;
  const ownReads: readonly (readonly [key: string, ranges: readonly RegisterRange[]])[] = [
    ['watch', watch],
    ['written', written],
    ['probe', probe === null ? [] : [probe]],
    ['restart-sign', restartSign === null ? [] : [placeRange(restartSign)]],
    ['join', joinCopy],
  ];
  const cleared = ownReads.flatMap(([key, ranges]) => {
    const first = ranges.find((range) => overlapsAny(range, clearOnRead));
    return first === undefined ? [] : [finding(key, first)];
  });
  if (cleared.length > 0 || presenceReads(protocol).length > 0) return cleared;
  return [
    {
      severity: 'error',
      key: 'protocol.probe',
      message:
        'the gateway has nothing by which to ask a slave whether it is there: whatever it could read, at holding, input, coils and discrete 0, is in clear-on-read',
      remedy: 'name an address that a read does not change: probe: { holding: 1 }',
    },
  ];
}

function finding(key: string, range: RegisterRange): Finding {
  return {
    severity: 'error',
    key: `protocol.${key}`,
    message: `${textOf(range)} is read by the gateway itself, and a read clears what is in clear-on-read: the master would miss it`,
    remedy: `take it out of ${key}, or out of clear-on-read where a read changes nothing`,
  };
}

function textOf({ space, first, last }: RegisterRange): string {
  return first === last ? `${space} ${first}` : `${space} ${first}-${last}`;
}
