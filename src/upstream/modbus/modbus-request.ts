/** One request of a master, without what carried it. */
export interface ModbusRequest {
  readonly unit: number;
  readonly pdu: Uint8Array;
  /** Modbus TCP: the number by which the master knows its answer; null on a line, where there is none. */
  readonly transaction: number | null;
  /** On a line: when its last byte came, on the gateway's clock; null where that does not matter. */
  readonly heardAtUs: number | null;
}

/** What came is no Modbus, and nothing after it can be found. */
export type Cut = ModbusRequest | 'not-modbus';
