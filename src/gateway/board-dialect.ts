import type { Config } from '../config/config.js';
import type { ModbusProtocol } from '../config/protocol-config.js';
import type { Dialect } from '../link/dialect.js';
import { HARNESS } from '../link/harness/harness-dialect.js';
import { linesDialect } from '../link/lines/lines-dialect.js';
import { modbusDialect } from '../link/modbus/modbus-dialect.js';

/** A lost read is to be asked again before its board is declared failed (R14): so long may one answer take of the deadline. */
const SHARE_OF_DEADLINE = 0.45;

/**
 * What the boards of a pair speak, both the same: a new one for each gateway, as a dialect may know of both its boards. The one place that
 * says so. Null: a board that stands in no configuration.
 */
export function dialectOf(config: Config | null): Dialect {
  switch (config?.protocol.dialect) {
    case 'modbus':
      return ofSlaves(config, config.protocol);
    case 'lines':
      return linesDialect(config.protocol);
    default:
      return HARNESS;
  }
}

function ofSlaves({ boards, deadlineUs }: Config, protocol: ModbusProtocol): Dialect {
  return modbusDialect({
    ...protocol,
    // The schema has let none through without an address.
    slaves: new Map(boards.map(({ board, address, line }) => [board, { address: address ?? 1, line }])),
    answerTimeUs: SHARE_OF_DEADLINE * deadlineUs,
  });
}
