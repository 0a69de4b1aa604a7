import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { BoardKind } from './config.js';

const pin = z.int().min(0).max(99);
const milliseconds = z.int().positive();

const usbChip = z.strictObject({
  chip: z.string(),
  /** The kernel's driver. */
  driver: z.string(),
  /** vendor:product, as lsusb writes them. */
  ids: z.array(z.string().regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/)),
  /** How long it holds bytes back, as it comes. */
  latencyMs: milliseconds,
  /** Its driver lets the host set that time (latency_timer in sysfs). */
  latencyIsSettable: z.boolean(),
  /** It has one that tells two boards of a kind apart. Cheap copies of a chip often have none, or all the same. */
  hasSerialNumber: z.boolean(),
});

const pinAtBoot = z.strictObject({
  pin,
  level: z.enum(['pulled up', 'pulsed']),
  /** `program`: until the program begins; `always`: it is no pin for an output. */
  until: z.enum(['program', 'always']),
  /** A sentence's end: "pin 13 is pulsed: ...". */
  why: z.string(),
});

const bootloader = z.strictObject({
  name: z.string(),
  baudRate: z.int(),
  /** How long it listens for a flasher, deaf to the gateway, after power-on and reset. */
  deafMs: milliseconds,
  /** `loops`: the watchdog goes on in the bootloader and bites again, until the supply is taken away. */
  afterWatchdogReset: z.enum(['starts', 'loops']),
});

const boardFacts = z.strictObject({
  kind: z.string(),
  name: z.string(),
  mcu: z.strictObject({
    name: z.string(),
    clockHz: z.int(),
    flashBytes: z.int(),
    sramBytes: z.int(),
    eepromBytes: z.int(),
  }),
  /** Null: it has no pins that a wire can go to. */
  supply: z
    .strictObject({
      volts: z.number(),
      highMinVolts: z.number(),
      lowMaxVolts: z.number(),
      maxMilliampsPerPin: z.number(),
      maxMilliampsAllPins: z.number(),
    })
    .nullable(),
  /** The chips that boards of this kind come with, the first one on the original. */
  usb: z.array(usbChip),
  uart: z.strictObject({
    baudRate: z.int(),
    /** Empty: any is as good as another. */
    exactBaudRates: z.array(z.int()),
    rxPin: pin.nullable(),
    txPin: pin.nullable(),
    opensWithReset: z.boolean(),
    /** From the input to DONE at 500000 baud with 24-byte frames (DESIGN section 4). */
    link: z.strictObject({ name: z.string(), typicalUs: z.int(), worstUs: z.int() }),
    linkModels: z.array(z.string()),
  }),
  /** By their Arduino numbers. `analog` begins with A0. A pin that `atBoot` does not name floats until the program begins. */
  pins: z.strictObject({
    digital: z.array(pin),
    pwm: z.array(pin),
    analog: z.array(pin),
    atBoot: z.array(pinAtBoot),
  }),
  analog: z.strictObject({ counts: z.int(), fullScaleVolts: z.number() }),
  watchdogMs: milliseconds,
  bootloader: bootloader.nullable(),
  /** From power to the first HELLO. */
  startMs: z.strictObject({ withoutBootloader: milliseconds, withBootloader: milliseconds.nullable() }),
  /** The images that come along for it, from the root of this program; `heater` is the default. */
  images: z.record(z.string(), z.string()),
  /** The name by which Arduino's tools know it (`arduino:avr:uno`); null: they do not. */
  fqbn: z.string().nullable(),
  /** The flasher with PORT and IMAGE in their places; no shell reads it. Null: there is nothing to flash. */
  flash: z.string().nullable(),
  emulate: z.record(z.string(), z.string()),
});

/** What is known of a kind of board: boards/KIND/board.json, with a page beside it. */
export type BoardFacts = Readonly<z.infer<typeof boardFacts>>;

const ROOT = new URL('../../', import.meta.url);
const read = new Map<BoardKind, BoardFacts>();

export function factsOfKind(kind: BoardKind): BoardFacts {
  const known = read.get(kind);
  if (known !== undefined) return known;
  // Comes along with this program: a file that is not as the schema says is our own mistake, and throws.
  const facts = boardFacts.parse(JSON.parse(readFileSync(new URL(`boards/${kind}/board.json`, ROOT), 'utf8')));
  read.set(kind, facts);
  return facts;
}

/** The image of this name that comes along for a kind of board, absolute; null when there is none. */
export function imageOfKind(kind: BoardKind, name = 'heater'): string | null {
  const image = factsOfKind(kind).images[name];
  return image === undefined ? null : fileURLToPath(new URL(image, ROOT));
}
