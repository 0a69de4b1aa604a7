/** One pin of the 40-pin header that every Raspberry Pi since the B+ has (Raspberry Pi documentation, "GPIO and the 40-pin header"). */
export interface HeaderPin {
  /** 1 to 40: odd ones in one row, even ones beside them. */
  readonly number: number;
  readonly name: string;
  readonly role: '3.3 V' | '5 V' | 'GND' | 'GPIO';
  /** The Linux line's number; null for supplies and grounds. */
  readonly gpio: number | null;
  /** What else the pin can be; empty when nothing that matters here. */
  readonly other: string;
}

const NAMES = [
  ['3.3 V', '5 V'],
  ['GPIO2 SDA', '5 V'],
  ['GPIO3 SCL', 'GND'],
  ['GPIO4', 'GPIO14 TXD'],
  ['GND', 'GPIO15 RXD'],
  ['GPIO17', 'GPIO18'],
  ['GPIO27', 'GND'],
  ['GPIO22', 'GPIO23'],
  ['3.3 V', 'GPIO24'],
  ['GPIO10 MOSI', 'GND'],
  ['GPIO9 MISO', 'GPIO25'],
  ['GPIO11 SCLK', 'GPIO8 CE0'],
  ['GND', 'GPIO7 CE1'],
  ['GPIO0 ID_SD', 'GPIO1 ID_SC'],
  ['GPIO5', 'GND'],
  ['GPIO6', 'GPIO12'],
  ['GPIO13', 'GND'],
  ['GPIO19', 'GPIO16'],
  ['GPIO26', 'GPIO20'],
  ['GND', 'GPIO21'],
] as const;

export const PI_HEADER: readonly HeaderPin[] = NAMES.flatMap(([odd, even], row) => [
  headerPin(2 * row + 1, odd),
  headerPin(2 * row + 2, even),
]);

function headerPin(number: number, said: string): HeaderPin {
  const [name = said, other = ''] = said.startsWith('GPIO') ? said.split(' ') : [said];
  const role = said === '3.3 V' || said === '5 V' || said === 'GND' ? said : 'GPIO';
  return { number, name, role, gpio: role === 'GPIO' ? Number(name.slice('GPIO'.length)) : null, other };
}

/** The pin that carries a line such as GPIO17; undefined when the header has none (GPIO28 and up). */
export function pinOfLine(line: string): HeaderPin | undefined {
  return PI_HEADER.find(({ name, role }) => role === 'GPIO' && name === line);
}

/**
 * The pull while no program has taken the line (BCM2835 ARM Peripherals, table 6-31; the same on BCM2711 and, as its
 * firmware sets it, on the RP1 of a Pi 5): GPIO0 to GPIO8 up, the others down.
 */
export function pullAtBoot(gpio: number): 'up' | 'down' {
  return gpio <= 8 ? 'up' : 'down';
}

/** Lines that nothing else uses in a Pi's delivered state, that are pulled down at boot and carry no boot text. */
export const FREE_LINES: readonly string[] = [17, 27, 22, 23, 24, 25, 16, 26, 12, 13].map((gpio) => `GPIO${gpio}`);
