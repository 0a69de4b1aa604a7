// Builds the firmware images into firmware-harness/images. `--check` builds them elsewhere and compares byte for byte.
// With avr-gcc missing it says which command installs it and exits 3.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compileOnce } from '#built/sketch/cache/compile-once.js';
import { HASH_BYTES, withImageHash } from '#built/sketch/compile/image-hash.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const harness = join(root, 'firmware-harness');
const imagesFolder = join(harness, 'images');

/** All that is compiled reads, but the compiler's own files. */
export const CODE_FOLDERS = ['include', 'src', 'ports', 'apps', 'test'];

export const INSTALL_AVR_GCC = 'sudo apt-get install -y --no-install-recommends gcc-avr avr-libc';
export const EXIT_NO_COMPILER = 3;

export const WARNINGS = ['-Wall', '-Wextra', '-Wconversion', '-Werror'];
/** The last two: registers are saved by one routine for all functions, and calls are short where they can be (8 % of the heater). */
const AVR_FLAGS = [
  ...['-Os', '-std=gnu11', ...WARNINGS, '-ffunction-sections', '-fdata-sections', '-Wl,--gc-sections'],
  ...['-mcall-prologues', '-mrelax'],
];

export const HEATER = {
  mcu: 'atmega328p',
  clockHz: 16_000_000,
  folders: ['src', 'ports/avr', 'apps/heater'],
  symbols: {
    state: { symbol: 'heater_state' },
    integrator: { symbol: 'heater_state', bytes: 4 },
    onInput: { symbol: 'heater_on_input' },
    inputReturned: { symbol: 'cc_input_returned' },
    context: { symbol: 'cc_port_context' },
    imageHash: { symbol: 'port_image_hash' },
    registersDiffer: { symbol: 'port_registers_differ' },
    stackBottom: { symbol: '__heap_start' },
  },
};

/** A program with a protocol of its own: without the library, on the pins of its port. */
const PLAIN = { mcu: 'atmega328p', clockHz: 16_000_000, shared: ['ports/avr-plain', 'ports/avr/pins.c'] };
const MODBUS = {
  ...PLAIN,
  folders: [...PLAIN.shared, 'apps/modbus'],
  symbols: { state: { symbol: 'pump_state' }, stackBottom: { symbol: '__bss_end' } },
};
const LINES = {
  ...PLAIN,
  folders: [...PLAIN.shared, 'apps/lines'],
  symbols: { state: { symbol: 'valve_state' }, stackBottom: { symbol: '__bss_end' } },
};

/** Every image: an application on a port. Addresses of `symbols` go beside it for debuggers and fault injectors. */
const IMAGES = [
  { ...HEATER, name: 'heater.atmega328p', defines: [] },
  { ...HEATER, name: 'heater-window-4.atmega328p', defines: ['CC_WINDOW=4'] },
  // For firmware updates: the same program with another version number, and one that never gives full power.
  { ...HEATER, name: 'heater-2-same.atmega328p', defines: ['HEATER_VERSION=2'] },
  { ...HEATER, name: 'heater-2-less.atmega328p', defines: ['HEATER_VERSION=2', 'HEATER_DUTY_MAX=200'] },
  // A0 of a Mega is its pin 54.
  { ...HEATER, mcu: 'atmega2560', name: 'heater.atmega2560', defines: ['HEATER_PIN_TEMP=54'] },
  { ...MODBUS, name: 'modbus.atmega328p', defines: [] },
  // The three ways in which boards end an answer.
  { ...LINES, name: 'lines.atmega328p', defines: [] },
  { ...LINES, name: 'lines-ok.atmega328p', defines: ['LINES_ANSWER=ANSWER_ENDS_OK'] },
  { ...LINES, name: 'lines-prompt.atmega328p', defines: ['LINES_ANSWER=ANSWER_PROMPT'] },
];

export function hasCompiler(command) {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Ends this process with one sentence where a compiler is missing. */
export function mustHaveCompiler(command, install) {
  if (hasCompiler(command)) return;
  console.error(`${command} is missing. Install it with: ${install}`);
  process.exit(EXIT_NO_COMPILER);
}

/** The C files of `folders` (some are files themselves), in a fixed order: the order of objects decides the image. */
export function sourcesOf(folders) {
  return folders.flatMap((folder) =>
    folder.endsWith('.c')
      ? [folder]
      : readdirSync(join(harness, folder))
          .filter((name) => name.endsWith('.c'))
          .sort()
          .map((name) => `${folder}/${name}`),
  );
}

/** Builds for this machine; throws with the compiler's own words when that fails. */
export function buildForHost({ output, sources, flags = [] }) {
  const standard = ['-std=gnu11', '-g', '-O1', ...WARNINGS, '-Iinclude', '-Isrc'];
  const commandTo = (path) => ['gcc', ...standard, ...flags, '-o', path, ...sources];
  compileOnce({ commandTo, cwd: harness, output, folders: CODE_FOLDERS });
}

/** Builds for an AVR; `image` as in IMAGES. */
export function linkImage(image, elf, flags = []) {
  const defines = [`F_CPU=${image.clockHz}UL`, ...image.defines].map((define) => `-D${define}`);
  const target = [`-mmcu=${image.mcu}`, ...defines, '-Iinclude', '-Isrc'];
  const commandTo = (path) => ['avr-gcc', ...target, ...AVR_FLAGS, ...flags, '-o', path, ...sourcesOf(image.folders)];
  compileOnce({ commandTo, cwd: harness, output: elf, folders: CODE_FOLDERS });
}

/** What of a board an image takes; the stack comes beside it. */
export function sizeOf(elf) {
  const size = execFileSync('avr-size', [elf], { encoding: 'utf8' }).split('\n')[1].trim().split(/\s+/).map(Number);
  return { flashBytes: size[0] + size[1], ramBytes: size[1] + size[2] };
}

/** Address and size of every symbol of an ELF file, by name. */
export function linkedSymbols(elf) {
  const lines = execFileSync('avr-nm', ['-S', elf], { encoding: 'utf8' }).split('\n');
  const found = new Map();
  for (const line of lines) {
    const match = /^([0-9a-f]{8}) (?:([0-9a-f]{8}) )?(\w) (\S+)$/.exec(line);
    if (match !== null)
      found.set(match[4], { address: Number.parseInt(match[1], 16), bytes: Number.parseInt(match[2] ?? '0', 16) });
  }
  return found;
}

function symbolsOf(found, image) {
  const symbols = {};
  for (const [name, { symbol, bytes }] of Object.entries(image.symbols)) {
    const entry = found.get(symbol);
    if (entry === undefined) throw new Error(`${image.name}: the image has no ${symbol}`);
    // The linker puts data at 0x800000 and above; program addresses are bytes, not words.
    const inData = entry.address >= 0x800000;
    symbols[name] = {
      symbol,
      memory: inData ? 'data' : 'program',
      address: inData ? entry.address - 0x800000 : entry.address,
      bytes: bytes ?? entry.bytes,
    };
  }
  return symbols;
}

/** The program as Intel HEX, with its hash in place; one without the library has none. */
function writeHex({ elf, hex, hash, programBytes }) {
  const raw = `${elf}.tmp`;
  try {
    execFileSync('avr-objcopy', ['-O', 'binary', '-R', '.eeprom', elf, raw]);
    const program = readFileSync(raw);
    // The board sums up to this symbol in its self-test; the hash must cover the same bytes.
    if (program.length !== programBytes)
      throw new Error(`${program.length} bytes of flash, but ${programBytes} linked`);
    if (hash !== undefined) {
      if (hash.memory !== 'program' || hash.bytes !== HASH_BYTES)
        throw new Error(`${hash.symbol} is no place for a hash`);
      writeFileSync(raw, withImageHash(program, hash.address));
    }
    execFileSync('avr-objcopy', ['-I', 'binary', '-O', 'ihex', raw, hex]);
  } finally {
    rmSync(raw, { force: true });
  }
}

function build(image, folder) {
  const elf = join(folder, `${image.name}.elf`);
  const hex = join(folder, `${image.name}.hex`);
  linkImage(image, elf);
  const found = linkedSymbols(elf);
  const symbols = { mcu: image.mcu, clockHz: image.clockHz, symbols: symbolsOf(found, image) };
  writeHex({ elf, hex, hash: symbols.symbols.imageHash, programBytes: found.get('__data_load_end')?.address });
  writeFileSync(join(folder, `${image.name}.symbols.json`), `${JSON.stringify(symbols, null, 2)}\n`);
  return sizeOf(elf);
}

/** Builds everything into `folder`; the sizes by image name. */
export function buildImages(folder) {
  mkdirSync(folder, { recursive: true });
  return new Map(IMAGES.map((image) => [image.name, build(image, folder)]));
}

/** Names of the committed files that a fresh build does not reproduce. */
export function differingImages() {
  const folder = mkdtempSync(join(tmpdir(), 'copycat-images-'));
  try {
    buildImages(folder);
    return IMAGES.flatMap(({ name }) => [`${name}.hex`, `${name}.symbols.json`]).filter((file) => {
      const committed = join(imagesFolder, file);
      return !existsSync(committed) || !readFileSync(committed).equals(readFileSync(join(folder, file)));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function main() {
  mustHaveCompiler('avr-gcc', INSTALL_AVR_GCC);
  if (process.argv.includes('--check')) {
    const differing = differingImages();
    for (const file of differing)
      console.error(`firmware-harness/images/${file} is not what the sources build: run node tools/build-firmware.mjs`);
    process.exitCode = differing.length > 0 ? 1 : 0;
    return;
  }
  for (const [name, { flashBytes, ramBytes }] of buildImages(imagesFolder)) {
    rmSync(join(imagesFolder, `${name}.elf`));
    console.log(`${name}: ${flashBytes} bytes of flash, ${ramBytes} bytes of RAM before the stack`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
