const POLYNOMIAL = 0xa001;

function tableEntry(index: number): number {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
}

const TABLE = Uint16Array.from({ length: 256 }, (_, index) => tableEntry(index));

/** The checksum of Modbus RTU (reflected 0x8005, begins with 0xFFFF), of the bytes from `begin` to before `end`. It goes on the wire low byte first. */
export function crc16(bytes: Uint8Array, begin = 0, end = bytes.length): number {
  let crc = 0xffff;
  // Both indexes are in range by construction: `at` by the loop, the table's by the mask.
  for (let at = begin; at < end; at++) crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[at] as number)) & 0xff] as number);
  return crc;
}
