import { z } from 'zod';
import { LEAST_BAUD, MOST_BAUD } from '../../values/line-settings.js';
import type { BoardFacts } from '../board-facts.js';
import { flag, group, oneOf, text, wholeNumber } from './schema-parts.js';

/**
 * The one schema of a board's file: boards/KIND/board.json, and a file of the user's own (`kind: ./my-board.json`). docs/board.schema.json
 * and the table of docs/boards.md come from it. What is left out is not known, and said to be so; null: it is known that there is none.
 */

const pin = (description: string) => wholeNumber(0, 99, description);
const pins = (description: string) =>
  z.array(pin('A pin.'), { error: 'a list of pins, such as [2, 3, 4]' }).meta({ description });
const milliseconds = (description: string) => wholeNumber(1, 600_000, description);
const baud = (description: string) => wholeNumber(LEAST_BAUD, MOST_BAUD, description);
const above0 = (what: string, description: string) =>
  z.number({ error: what }).positive({ error: what }).meta({ description });

const KIND = 'a short name of small letters, digits and dashes, such as esp32';
const USB_ID = 'vendor:product as lsusb shows it, such as "2341:0043"';
const FORMAT = 'data bits, parity and stop bits, such as "8N1"';
const FLASH = 'a command in which PORT and IMAGE each stand once, such as "picotool load IMAGE --ser PORT"';

const mcu = group(
  {
    name: text('a name', 'Its processor, in small letters: atmega328p.'),
    clockHz: wholeNumber(0, 10_000_000_000, 'Its clock.'),
    flashBytes: wholeNumber(0, 2 ** 32, 'What a program may take.'),
    sramBytes: wholeNumber(0, 2 ** 32, 'Its memory.'),
    eepromBytes: wholeNumber(0, 2 ** 32, 'What it keeps without supply; 0: nothing.'),
  },
  'the processor: { "name": "rp2040", "clockHz": 133000000, "flashBytes": 2097152, "sramBytes": 270336, "eepromBytes": 0 }',
  'Its processor. Wanted only for an emulator.',
);

const supply = group(
  {
    volts: above0('volts, such as 3.3', 'Level of its outputs, and the most that its inputs bear.'),
    highMinVolts: above0('volts', 'An input is surely high above it.').optional(),
    lowMaxVolts: above0('volts', 'An input is surely low below it.').optional(),
    maxMilliampsPerPin: z.number({ error: 'milliamperes' }).meta({ description: 'What one pin drives.' }).optional(),
    maxMilliampsAllPins: z.number({ error: 'milliamperes' }).meta({ description: 'What all drive.' }).optional(),
    input: oneOf(['barrel', 'VIN'], 'Where a supply of its own goes: a socket, or a pin.').optional(),
  },
  'the levels of its pins: { "volts": 3.3 }',
  'Levels and currents of its pins; null: it has no pins that a wire can go to. Left out: the drawing shows no voltage, and says so.',
);

const usbChip = group(
  {
    chip: text('a name', 'What stands on the chip.'),
    driver: text('a driver of the kernel, such as cdc_acm', "The kernel's driver."),
    ids: z
      .array(z.string({ error: USB_ID }).regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/, { error: USB_ID }), {
        error: `a list, each ${USB_ID}`,
      })
      .meta({ description: 'vendor:product as lsusb shows them, by which copycat ports and init know the kind.' }),
    latencyMs: milliseconds('How long it holds bytes back, as it comes.'),
    latencyIsSettable: flag('True where the host can set that time (FTDI): the gateway then sets 1 ms.').default(false),
    hasSerialNumber: flag('True where it tells two boards apart.').default(false),
  },
  'a USB chip: { "chip": "CP2102", "driver": "cp210x", "ids": ["10c4:ea60"], "latencyMs": 1 }',
  'A chip between USB and the board.',
);

const link = group(
  {
    name: text('a name', 'For people: "the USB chip of an Uno R3".'),
    typicalUs: wholeNumber(0, 60_000_000, 'Usual.'),
    worstUs: wholeNumber(1, 60_000_000, 'At worst: a deadline below it is refused.'),
  },
  'the time of its link: { "name": "a CP2102", "typicalUs": 5000, "worstUs": 16000 }',
  'From the input to DONE at 500000-8N1 with frames of 24 bytes, in microseconds. Left out: 8000 and 22000, as of an Uno.',
);

const uart = group(
  {
    baudRate: baud('What its firmware begins at, where the configuration has no line (CC_BAUD).').default(500_000),
    exactBaudRates: z
      .array(baud('A rate.'), { error: 'a list of rates' })
      .meta({ description: 'Those that its clock makes without an error; empty: any.' })
      .default([]),
    formats: z
      .array(z.string({ error: FORMAT }).regex(/^[5-8][NEO][12]$/, { error: FORMAT }), {
        error: `a list, each ${FORMAT}`,
      })
      .min(1, { error: `at least one, each ${FORMAT}` })
      .meta({
        description:
          'Data bits, parity and stop bits that it can do; the first is what its firmware begins with. Left out: any with 8 data bits, 8N1 first.',
      })
      .optional(),
    receiveBufferBytes: wholeNumber(
      1,
      1_000_000,
      'What it keeps at least until the program reads it. Left out: its HELLO says so.',
    ).optional(),
    rxPin: pin('The pin that hears the gateway; null: none of the pins.').nullable().optional(),
    txPin: pin('The pin that speaks to it; null: none of the pins.').nullable().optional(),
    opensWithReset: flag(
      'True where opening the port restarts it (DTR). Left out: treated as if it did, and the boards are opened in turns.',
    ).optional(),
    link: link.optional(),
    linkModels: z
      .array(text('a link model of the bench', 'A link model.'), { error: 'a list of link models' })
      .meta({ description: 'Link models of the bench that behave like it.' })
      .default([]),
  },
  'the serial line: { "baudRate": 115200 }',
  'Its serial line.',
);

const atBoot = group(
  {
    pin: pin('Which pin.'),
    level: oneOf(['pulled up', 'pulsed'], 'What happens to it.'),
    until: oneOf(['program', 'always'], 'program: until the program begins. always: it is no pin for an output.'),
    why: text('the end of a sentence', 'Why: "the bootloader blinks the LED on it at every start".'),
  },
  'a pin: { "pin": 13, "level": "pulsed", "until": "program", "why": "the bootloader blinks the LED on it" }',
  'A pin that does not float until the program begins.',
);

const pinsOfBoard = group(
  {
    digital: pins('Pins that a program may use, by their Arduino numbers.'),
    analog: pins('Analog inputs; the first is A0.').default([]),
    pwm: pins('Those of the digital ones that make PWM.').default([]),
    atBoot: z
      .array(atBoot, { error: 'a list of pins' })
      .meta({ description: 'Pins that do not float from reset until the program begins.' })
      .default([]),
  },
  'its pins: { "digital": [2, 3, 4], "analog": [26, 27, 28] }',
  'Its pins. Left out: any name is taken for one.',
);

const bootloader = group(
  {
    name: text('a name', 'For people.'),
    baudRate: wholeNumber(300, 10_000_000, 'What it speaks to a flasher at.'),
    deafMs: milliseconds('How long it listens for a flasher, deaf to the gateway, after power-on and reset.'),
    afterWatchdogReset: oneOf(
      ['starts', 'loops'],
      'loops: the watchdog bites in the bootloader too, again and again, until the supply is taken away.',
    ).default('starts'),
  },
  'its bootloader: { "name": "Optiboot", "baudRate": 115200, "deafMs": 1000 }',
  'What runs before the program; null: nothing.',
);

const startMs = group(
  {
    withoutBootloader: milliseconds('When nothing runs before the program.'),
    withBootloader: milliseconds('When a bootloader does; null: there is none.').nullable().default(null),
  },
  'its start: { "withoutBootloader": 300 }',
  'From power to the first HELLO, in milliseconds. Left out: 3 s are waited before it counts as unresponsive.',
);

const emulate = group(
  {
    engine: oneOf(
      ['avr8js', 'process'],
      'avr8js: for atmega328p and atmega2560. process: it is a program of this host.',
    ),
    symbols: text('a path', 'Addresses that the bench wants.').optional(),
    program: text('a path', 'The program.').optional(),
  },
  'an emulator: { "engine": "avr8js" }',
  'What runs its images without it (port: emulated, third-copy, the bench); null, or left out: nothing.',
);

export const boardSchema = group(
  {
    $schema: z.string().meta({ description: 'For editors; not read.' }).optional(),
    kind: z
      .string({ error: KIND })
      .regex(/^[a-z][a-z0-9-]{0,31}$/, { error: KIND })
      .meta({ description: 'Its short name, in messages and drawings.' }),
    name: text('a name, such as "ESP32 DevKit"', 'What people call it.'),
    rank: wholeNumber(0, 1000, 'Of kinds with one USB chip the one with the lowest is proposed.').default(1000),
    mcu: mcu.optional(),
    supply: supply.nullable().optional(),
    usb: z
      .array(usbChip, { error: 'a list of USB chips' })
      .meta({
        description:
          'The chips that such boards come with, the usual one first; empty: it is not on USB. Left out: one that holds bytes back for 4 ms.',
      })
      .optional(),
    uart: uart.prefault({}),
    pins: pinsOfBoard.optional(),
    analog: group(
      {
        counts: wholeNumber(1, 2 ** 24, 'What the converter says at full scale.'),
        fullScaleVolts: above0('volts', 'The voltage of that.'),
      },
      'the converter: { "counts": 4095, "fullScaleVolts": 3.3 }',
      'Its analog converter.',
    ).optional(),
    watchdogMs: milliseconds('A program that hangs is restarted after it; null: nothing does so.')
      .nullable()
      .optional(),
    bootloader: bootloader.nullable().optional(),
    startMs: startMs.optional(),
    hasUnitNumber: flag(
      'True where its HELLO has a number of its own (AVR: in EEPROM), by which swapped plugs are noticed.',
    ).optional(),
    images: z
      .record(z.string(), text('the path of an image', 'An image.'), { error: 'names and paths of images' })
      .meta({ description: 'Images for it, relative to this file; heater is what heater.hex means.' })
      .default({}),
    fqbn: text('a name such as arduino:avr:uno', "The name by which Arduino's tools know it; null: they do not.")
      .nullable()
      .optional(),
    flash: z
      .string({ error: FLASH })
      .refine((said) => ['PORT', 'IMAGE'].every((word) => said.split(word).length === 2), { error: FLASH })
      .meta({
        description:
          'The command that flashes it; no shell reads it. Null: there is nothing to flash. Left out: copycat flash refuses it.',
      })
      .nullable()
      .optional(),
    emulate: emulate.nullable().optional(),
  },
  'a mapping with the keys kind and name',
  'What is known of a kind of board.',
);

/** What a file says, in the program's form. Throws ZodError. */
export function parseBoard(value: unknown): BoardFacts {
  return boardSchema.parse(value);
}
