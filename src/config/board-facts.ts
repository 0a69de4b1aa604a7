/**
 * What is known of a kind of board. The same form is read from boards/KIND/board.json and from a user's own file (schema/board-schema.ts).
 * What is left out is not known; null is known not to be there.
 */
export interface BoardFacts {
  /** Its short name: `uno`. */
  readonly kind: string;
  /** For people: `Arduino Uno R3`. */
  readonly name: string;
  /** Of kinds with one USB chip the lowest is the likeliest. */
  readonly rank: number;
  readonly mcu?: McuFacts | undefined;
  /** Null: it has no pins that a wire can go to. */
  readonly supply?: SupplyFacts | null | undefined;
  /** The chips that boards of this kind come with, the first one on the original. Empty: it is not on USB. */
  readonly usb?: readonly UsbChipFacts[] | undefined;
  readonly uart: UartFacts;
  readonly pins?: PinFacts | undefined;
  readonly analog?: { readonly counts: number; readonly fullScaleVolts: number } | undefined;
  /** Null: nothing restarts a board that hangs. */
  readonly watchdogMs?: number | null | undefined;
  readonly bootloader?: BootloaderFacts | null | undefined;
  /** From power to the first HELLO. */
  readonly startMs?: { readonly withoutBootloader: number; readonly withBootloader: number | null } | undefined;
  /** Its HELLO has a number by which two boards of a kind are told apart. */
  readonly hasUnitNumber?: boolean | undefined;
  /** Images that come along for it, absolute; `heater` is the default. */
  readonly images: Readonly<Record<string, string>>;
  /** The name by which Arduino's tools know it (`arduino:avr:uno`); null: they do not. */
  readonly fqbn?: string | null | undefined;
  /** The flasher with PORT and IMAGE in their places; no shell reads it. Null: there is nothing to flash. */
  readonly flash?: string | null | undefined;
  /** Null, or left out: only the board itself runs its images. */
  readonly emulate?: EmulationFacts | null | undefined;
}

export interface McuFacts {
  readonly name: string;
  readonly clockHz: number;
  readonly flashBytes: number;
  readonly sramBytes: number;
  readonly eepromBytes: number;
}

export interface SupplyFacts {
  /** Level of its outputs, and the most its inputs bear. */
  readonly volts: number;
  readonly highMinVolts?: number | undefined;
  readonly lowMaxVolts?: number | undefined;
  readonly maxMilliampsPerPin?: number | undefined;
  readonly maxMilliampsAllPins?: number | undefined;
  /** Where a supply of its own goes. */
  readonly input?: 'barrel' | 'VIN' | undefined;
}

export interface UsbChipFacts {
  readonly chip: string;
  /** The kernel's driver. */
  readonly driver: string;
  /** vendor:product, as lsusb writes them. */
  readonly ids: readonly string[];
  /** How long it holds bytes back, as it comes. */
  readonly latencyMs: number;
  /** Its driver lets the host set that time (latency_timer in sysfs). */
  readonly latencyIsSettable: boolean;
  /** It has one that tells two boards of a kind apart. Cheap copies of a chip often have none, or all the same. */
  readonly hasSerialNumber: boolean;
}

export interface UartFacts {
  /** What its firmware begins at. */
  readonly baudRate: number;
  /** Empty: any is as good as another. */
  readonly exactBaudRates: readonly number[];
  /** What it can do besides the rate, what its firmware begins with first: `8N1`. */
  readonly formats?: readonly string[] | undefined;
  /** What it keeps at least until the program reads it. */
  readonly receiveBufferBytes?: number | undefined;
  /** Null: the line has no pins of its own. */
  readonly rxPin?: number | null | undefined;
  readonly txPin?: number | null | undefined;
  readonly opensWithReset?: boolean | undefined;
  /** From the input to DONE at 500000 baud, 8N1, with 24-byte frames (DESIGN section 4). */
  readonly link?: { readonly name: string; readonly typicalUs: number; readonly worstUs: number } | undefined;
  /** Those of the bench that behave like it. */
  readonly linkModels: readonly string[];
}

/** By their Arduino numbers. A pin that `atBoot` does not name floats until the program begins. */
export interface PinFacts {
  readonly digital: readonly number[];
  readonly pwm: readonly number[];
  /** Begins with A0. */
  readonly analog: readonly number[];
  readonly atBoot: readonly PinAtBoot[];
}

export interface PinAtBoot {
  readonly pin: number;
  readonly level: 'pulled up' | 'pulsed';
  /** `program`: until the program begins; `always`: it is no pin for an output. */
  readonly until: 'program' | 'always';
  /** A sentence's end: "pin 13 is pulsed: ...". */
  readonly why: string;
}

export interface BootloaderFacts {
  readonly name: string;
  readonly baudRate: number;
  /** How long it listens for a flasher, deaf to the gateway, after power-on and reset. */
  readonly deafMs: number;
  /** `loops`: the watchdog goes on in the bootloader and bites again, until the supply is taken away. */
  readonly afterWatchdogReset: 'starts' | 'loops';
}

export interface EmulationFacts {
  readonly engine: 'avr8js' | 'process';
  readonly symbols?: string | undefined;
  readonly program?: string | undefined;
}

/** The image of this name that comes along for a kind of board, absolute; null when there is none. */
export function imageOf({ images }: BoardFacts, name = 'heater'): string | null {
  return images[name] ?? null;
}

/** It is a program of this machine, and no board that a wire can go to. */
export function isProgramOfHost({ emulate }: BoardFacts): boolean {
  return emulate?.engine === 'process';
}

/** The processor by which an emulator runs its images; null: none does. */
export function emulatedMcu({ emulate, mcu }: BoardFacts): string | null {
  return emulate?.engine === 'avr8js' ? (mcu?.name ?? null) : null;
}
