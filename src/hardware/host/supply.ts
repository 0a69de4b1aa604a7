/** What reading the supply needs of a machine. */
export interface SupplyFiles {
  /** The text of a file; null when it is not there. */
  readFile(path: string): string | null;
  /** The names in a folder; empty when it is not there. */
  list(path: string): readonly string[];
}

/** How a Raspberry Pi is fed and how hot it is; null where the machine does not say. */
export interface Supply {
  /** The 5 V line fell below 4.63 V: within the last two seconds (hwmon), or since it was last asked (firmware). */
  readonly isUnderVoltage: boolean | null;
  /** The firmware slows the processor down, or has since it was last asked. */
  readonly isThrottled: boolean | null;
  readonly celsius: number | null;
}

const HWMON = '/sys/class/hwmon';
const FIRMWARE = '/sys/bus/platform/drivers/raspberrypi-firmware';
const TEMPERATURE = '/sys/class/thermal/thermal_zone0/temp';

/** Bits of the firmware's answer: now, and sticky from bit 16 on (Raspberry Pi documentation, vcgencmd get_throttled). */
const UNDER_VOLTAGE = 0x1_0001;
const SLOWED = 0xe_000e;

/**
 * Asks the kernel, without vcgencmd. The driver of hwmon polls the firmware every two seconds, so this costs a read of
 * memory; the firmware's own file is asked only where there is no hwmon: newer kernels complain of it once.
 */
export function readSupply(files: SupplyFiles): Supply {
  const milliCelsius = numberIn(files, TEMPERATURE, 10);
  const celsius = milliCelsius === null ? null : Math.round(milliCelsius / 1000);
  const voltage = files.list(HWMON).find((name) => files.readFile(`${HWMON}/${name}/name`)?.trim() === 'rpi_volt');
  if (voltage !== undefined) {
    const alarm = numberIn(files, `${HWMON}/${voltage}/in0_lcrit_alarm`, 10);
    return { isUnderVoltage: alarm === null ? null : alarm !== 0, isThrottled: null, celsius };
  }
  const bits = firmwareBits(files);
  return {
    isUnderVoltage: bits === null ? null : (bits & UNDER_VOLTAGE) !== 0,
    isThrottled: bits === null ? null : (bits & SLOWED) !== 0,
    celsius,
  };
}

/** What of it speaks against a fault being the board's own; null: nothing. */
export function supplyTrouble({ isUnderVoltage, isThrottled, celsius }: Supply): string | null {
  const troubles = [
    ...(isUnderVoltage === true ? ['under-voltage'] : []),
    ...(isThrottled === true ? ['processor slowed down'] : []),
    // From 80 °C on the firmware slows every model down.
    ...(celsius !== null && celsius >= 80 ? [`${celsius} °C`] : []),
  ];
  return troubles.length === 0 ? null : troubles.join(', ');
}

function firmwareBits(files: SupplyFiles): number | null {
  for (const name of files.list(FIRMWARE)) {
    const bits = numberIn(files, `${FIRMWARE}/${name}/get_throttled`, 16);
    if (bits !== null) return bits;
  }
  return null;
}

function numberIn(files: SupplyFiles, path: string, radix: 10 | 16): number | null {
  const value = Number.parseInt(files.readFile(path)?.trim() ?? '', radix);
  return Number.isNaN(value) ? null : value;
}
