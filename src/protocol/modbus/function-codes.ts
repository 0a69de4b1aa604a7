/** Function codes of the Modbus application protocol 1.1b3 that are read and written here without being told how long they are. */
export const FUNCTION = {
  readCoils: 1,
  readDiscreteInputs: 2,
  readHoldingRegisters: 3,
  readInputRegisters: 4,
  writeCoil: 5,
  writeRegister: 6,
  writeCoils: 15,
  writeRegisters: 16,
  reportServerId: 17,
  maskWriteRegister: 22,
  readWriteRegisters: 23,
  encapsulated: 43,
} as const;

/** In a function code of an answer: it is an exception. */
export const EXCEPTION_BIT = 0x80;

/** What a slave, or a gateway for it, gives as the reason of an exception. */
export const EXCEPTION = {
  illegalFunction: 1,
  illegalDataAddress: 2,
  illegalDataValue: 3,
  serverDeviceFailure: 4,
  acknowledge: 5,
  serverDeviceBusy: 6,
  memoryParityError: 8,
  gatewayPathUnavailable: 10,
  gatewayTargetFailed: 11,
} as const;

/** A PDU is its function code and what belongs to it, without address and checksum. */
export const MAX_PDU_BYTES = 253;
/** Address, PDU and checksum. */
export const MAX_RTU_BYTES = 256;

/** What the read functions read and the write functions write, each with addresses of its own, from 0. */
export type RegisterSpace = 'coils' | 'discrete' | 'holding' | 'input';

/** Both ends belong to it. */
export interface RegisterRange {
  readonly space: RegisterSpace;
  readonly first: number;
  readonly last: number;
}

export const READ_FUNCTIONS: ReadonlyMap<number, RegisterSpace> = new Map([
  [FUNCTION.readCoils, 'coils'],
  [FUNCTION.readDiscreteInputs, 'discrete'],
  [FUNCTION.readHoldingRegisters, 'holding'],
  [FUNCTION.readInputRegisters, 'input'],
]);

/** Most that one request may ask for. */
export const MOST_BITS_READ = 2000;
export const MOST_REGISTERS_READ = 125;

export function isBits(space: RegisterSpace): boolean {
  return space === 'coils' || space === 'discrete';
}
