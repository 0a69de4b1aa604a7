/** How bits go over a serial line. */
export interface LineSettings {
  /** Bits per second, 1200 to 2,000,000. */
  readonly baudRate: number;
  readonly dataBits: 5 | 6 | 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
}

export const LEAST_BAUD = 1200;
export const MOST_BAUD = 2_000_000;

/** As a person writes it: `115200-8E1`. The rate's bounds are not in it. */
export const LINE_PATTERN = /^(\d{1,9})-([5-8])([NEOneo])([12])$/;

const PARITIES = { N: 'none', E: 'even', O: 'odd' } as const;
const LETTERS = { none: 'N', even: 'E', odd: 'O' } as const;

/** The settings that `115200-8E1` says; null: it is none, or its rate is out of bounds. */
export function parseLine(text: string): LineSettings | null {
  const [, baud, data, letter = '', stop] = LINE_PATTERN.exec(text) ?? [];
  const baudRate = Number(baud);
  if (!(baudRate >= LEAST_BAUD && baudRate <= MOST_BAUD)) return null;
  const parity = PARITIES[letter.toUpperCase() as keyof typeof PARITIES];
  // The pattern has let only these digits through.
  return { baudRate, dataBits: Number(data) as 5 | 6 | 7 | 8, parity, stopBits: Number(stop) as 1 | 2 };
}

/** `115200-8E1` */
export function formatLine(line: LineSettings): string {
  return `${line.baudRate}-${formatOf(line)}`;
}

/** What of it is not the rate: `8E1`. */
export function formatOf({ dataBits, parity, stopBits }: Omit<LineSettings, 'baudRate'>): string {
  return `${dataBits}${LETTERS[parity]}${stopBits}`;
}

/** The usual format. */
export function eightBits(baudRate: number): LineSettings {
  return { baudRate, dataBits: 8, parity: 'none', stopBits: 1 };
}

/** What one character takes on the wire, start bit included: 10 for 8N1, 11 for 8E1. */
export function bitsPerCharacter({ dataBits, parity, stopBits }: Omit<LineSettings, 'baudRate'>): number {
  return 1 + dataBits + (parity === 'none' ? 0 : 1) + stopBits;
}

/** How long that takes. */
export function characterUs(line: LineSettings): number {
  return (bitsPerCharacter(line) * 1e6) / line.baudRate;
}
