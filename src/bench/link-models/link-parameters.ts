/** The adapters the bench knows. */
export type LinkModelName = 'uno-16u2' | 'ftdi-16' | 'ftdi-1' | 'ch340' | 'cdc' | 'wire';

/** What distinguishes one adapter from another, in emulated time. */
export interface LinkParameters {
  /** Bytes of one USB packet; a full one goes at once. */
  readonly packetBytes: number;
  /** Bytes from the host start at the next multiple of this, one packet each; 0: at once. */
  readonly hostFrameUs: number;
  /** How what the board sent leaves for the host when no packet has filled. */
  readonly flush:
    | { readonly kind: 'at-once' }
    /** At multiples of a free-running timer. */
    | { readonly kind: 'grid'; readonly everyUs: number }
    /** So long after the last packet went. */
    | { readonly kind: 'latency-timer'; readonly afterUs: number };
  /** How long the bootloader listens after the DTR reset. */
  readonly bootloaderUs: number;
}

/** DESIGN section 9. The 16U2's firmware flushes when its 4.096 ms timer overflows; FTDI's latency timer is in its data sheet. */
export const linkParameters: Readonly<Record<LinkModelName, LinkParameters>> = {
  'uno-16u2': {
    packetBytes: 64,
    hostFrameUs: 1000,
    flush: { kind: 'grid', everyUs: 4096 },
    bootloaderUs: 1_000_000,
  },
  'ftdi-16': {
    packetBytes: 62,
    hostFrameUs: 1000,
    flush: { kind: 'latency-timer', afterUs: 16_000 },
    bootloaderUs: 1_000_000,
  },
  'ftdi-1': {
    packetBytes: 62,
    hostFrameUs: 1000,
    flush: { kind: 'latency-timer', afterUs: 1000 },
    bootloaderUs: 1_000_000,
  },
  ch340: {
    packetBytes: 32,
    hostFrameUs: 1000,
    flush: { kind: 'latency-timer', afterUs: 1000 },
    bootloaderUs: 1_000_000,
  },
  cdc: {
    packetBytes: 64,
    hostFrameUs: 1000,
    flush: { kind: 'grid', everyUs: 1000 },
    bootloaderUs: 8_000_000,
  },
  wire: { packetBytes: 1, hostFrameUs: 0, flush: { kind: 'at-once' }, bootloaderUs: 0 },
};
