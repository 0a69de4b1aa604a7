import { MAX_RTU_BYTES } from '../../protocol/modbus/function-codes.js';
import { placeRange } from '../../protocol/modbus/register-set.js';
import type { Dialect } from '../dialect.js';
import type { ModbusOptions } from './modbus-options.js';
import { ModbusSpeaker } from './modbus-speaker.js';
import { modbusWire } from './modbus-wire.js';
import { UpstreamLife } from './upstream-life.js';

/**
 * What two Modbus RTU slaves speak, each on a line of its own. An input's payload is its unit and its PDU (unit 0: a broadcast, any
 * other: the pair, which is given the board's own address); an answer's one body is its PDU, that of a broadcast is empty.
 * @throws RangeError without a slave, and where what is to be copied cannot be written
 */
export function modbusDialect(given: ModbusOptions): Dialect {
  // A restart's sign is another number at each board: whoever reads it must not compare it.
  const { restartSign } = given;
  const ignore = restartSign === null ? given.ignore : [...given.ignore, placeRange(restartSign)];
  const options = { ...given, ignore };
  const [first] = options.slaves.values();
  if (first === undefined) throw new RangeError('no slave is named');
  if (options.joinCopy.some(({ space }) => space !== 'holding' && space !== 'coils')) {
    throw new RangeError('only holding registers and coils can be copied to a board');
  }
  // One for both boards: the copies of what was asked are no further questions.
  const upstream = new UpstreamLife(options.upstreamSilenceUs);
  return {
    wire: modbusWire(options),
    cut: 'bytes',
    maxFrameBytes: MAX_RTU_BYTES,
    speakWith: ({ board, counts }) => new ModbusSpeaker(options.slaves.get(board) ?? first, options, upstream, counts),
  };
}
