// Builds a sketch as the Arduino IDE does: by the recipes of an installed core (platform.txt, boards.txt), with our library
// as its only one. The core is Debian's arduino-core-avr.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileOnce } from './compile-once.mjs';
import { withImageHash } from './image-hash.mjs';

const CORE = '/usr/share/arduino/hardware/arduino/avr';
const LIBRARY = join(dirname(fileURLToPath(import.meta.url)), '../firmware-harness');
/** What the IDE shows with its warnings at "All", as errors; the library has one more. */
const SKETCH_WARNINGS = '-Wall -Wextra -Werror';
const LIBRARY_WARNINGS = '-Wall -Wextra -Wconversion -Werror';

/** Boards that the IDE offers with more than one processor, and the one meant here. */
const CPU_OF_MENU = { mega: 'atmega2560', nano: 'atmega328' };

export const INSTALL_ARDUINO_CORE = 'sudo apt-get install -y --no-install-recommends arduino-core-avr';

export function hasArduinoCore() {
  return existsSync(join(CORE, 'platform.txt'));
}

/** `key=value` lines, as platform.txt and boards.txt have them. */
function readProperties(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  const pairs = lines.filter((line) => !line.startsWith('#') && line.includes('='));
  return new Map(
    pairs.map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()]),
  );
}

/** Everything a recipe may name, for one board of the core. */
function propertiesOf(board) {
  const properties = readProperties(join(CORE, 'platform.txt'));
  const boards = readProperties(join(CORE, 'boards.txt'));
  for (const from of [`${board}.`, `${board}.menu.cpu.${CPU_OF_MENU[board]}.`]) {
    for (const [key, value] of boards) if (key.startsWith(from)) properties.set(key.slice(from.length), value);
  }
  properties.set('runtime.ide.version', '10819');
  properties.set('build.arch', 'AVR');
  // The core is written for a newer avr-gcc than Debian's 5.4, whose float.h has this name for C alone.
  properties.set('compiler.cpp.extra_flags', '-DDECIMAL_DIG=__DECIMAL_DIG__');
  return properties;
}

/** The command of a recipe, as a list of words. */
function commandOf(properties, recipe, values) {
  const all = new Map([...properties, ...Object.entries(values)]);
  const expand = (text) => text.replace(/\{([^{}]+)\}/g, (_, key) => expand(all.get(key) ?? ''));
  const words = expand(properties.get(recipe)).match(/(?:"[^"]*"|[^\s"])+/g) ?? [];
  return words.map((word) => word.replaceAll('"', '')).filter((word) => word !== '');
}

function run([command, ...args]) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    if (error.stderr === undefined) throw error;
    throw new Error(`${command} ${args.at(-1)}\n${error.stderr}`, { cause: error });
  }
}

/** Source files in `folder`, of a library's src also in its folders: the IDE compiles all it finds there. */
function sourcesIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => ['.c', '.cpp', '.S'].includes(extname(name)))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * Compiles to `object`; gives its path. What comes of the core and of the library is made once for all clones: from the same
 * command, the same source, and headers that are the same in every folder it may include from.
 */
function compile(properties, source, object, includes, warnings) {
  mkdirSync(dirname(object), { recursive: true });
  const flags = warnings === null ? {} : { 'compiler.warning_flags': warnings };
  const quoted = includes.map((include) => `"-I${include}"`).join(' ');
  const commandTo = (object_file) =>
    commandOf(properties, `recipe${extname(source)}.o.pattern`, {
      ...flags,
      includes: quoted,
      source_file: source,
      object_file,
    });
  if (!includes.some((folder) => source.startsWith(`${folder}/`))) {
    run(commandTo(object));
    return object;
  }
  // Absolute: the core is not ours. The library's sources name headers of its other folders by their place.
  compileOnce({ commandTo, cwd: '/', here: LIBRARY, output: object, folders: [...includes, join(LIBRARY, 'include')] });
  return object;
}

/** The core of a board as an archive, for all its sketches. */
function buildCore(properties, folder) {
  const core = join(CORE, 'cores', properties.get('build.core'));
  const variant = join(CORE, 'variants', properties.get('build.variant'));
  for (const source of [...sourcesIn(core), ...sourcesIn(variant)]) {
    const object_file = compile(properties, source, join(folder, `${basename(source)}.o`), [core, variant], null);
    run(commandOf(properties, 'recipe.ar.pattern', { 'build.path': folder, archive_file: 'core.a', object_file }));
  }
  return [core, variant];
}

/** A .ino as the C++ that it stands for: Arduino.h first, and a prototype of each function before the first. */
export function sketchToCpp(text, file) {
  const functions = [...text.matchAll(/^(?!else|enum|struct)([A-Za-z_]\w*(?:[\s*]+\w+)*[\s*]+\w+\([^)]*\)) \{/gm)];
  const first = functions[0]?.index ?? text.length;
  const prototypes = functions.map(([, head]) => `${head};\n`).join('');
  const line = text.slice(0, first).split('\n').length;
  return `#include <Arduino.h>\n#line 1 "${file}"\n${text.slice(0, first)}${prototypes}#line ${line} "${file}"\n${text.slice(first)}`;
}

/**
 * Builds sketches for one board of the core (`uno`, `mega`). Gives for each its .hex and .elf, and how much of the memories
 * it takes. Throws with the compiler's own words; a warning in one of our files is an error.
 */
export function buildSketches({ board, sketches, folder, defines = [] }) {
  const properties = propertiesOf(board);
  properties.set('build.extra_flags', defines.map((define) => `-D${define}`).join(' '));
  const place = join(folder, board);
  mkdirSync(place, { recursive: true });
  const includes = buildCore(properties, place);
  const withLibrary = [...includes, join(LIBRARY, 'src')];
  const library = sourcesIn(join(LIBRARY, 'src')).map((source) => {
    const object = join(place, 'library', `${relative(LIBRARY, source)}.o`);
    return compile(properties, source, object, withLibrary, LIBRARY_WARNINGS);
  });
  return sketches.map(({ name, files }) => {
    const path = join(place, name);
    mkdirSync(path, { recursive: true });
    const texts = files.map((file) => readFileSync(file, 'utf8'));
    const uses = texts.some((text) => /^#include [<"][Cc]opycat/m.test(text));
    // A sketch of the IDE finds src alone; what is written for the bare ports names headers by their folder.
    const isBare = texts.some((text) => text.includes('#include "copycat/'));
    const paths = [...(uses ? withLibrary : includes), ...(isBare ? [join(LIBRARY, 'include')] : [])];
    const objects = files.map((file, index) => {
      const source = extname(file) === '.ino' ? join(path, `${basename(file)}.cpp`) : file;
      if (source !== file) writeFileSync(source, sketchToCpp(texts[index], file));
      return compile(properties, source, join(path, `${basename(source)}.o`), paths, SKETCH_WARNINGS);
    });
    return link(properties, {
      name,
      path,
      board,
      archive: join(place, 'core.a'),
      objects: [...objects, ...(uses ? library : [])],
    });
  });
}

function link(properties, { name, path, board, archive, objects }) {
  const values = {
    'build.path': path,
    'build.project_name': name,
    archive_file: relative(path, archive),
    object_files: objects.map((object) => `"${object}"`).join(' '),
    'compiler.warning_flags': SKETCH_WARNINGS,
  };
  run(commandOf(properties, 'recipe.c.combine.pattern', values));
  run(commandOf(properties, 'recipe.objcopy.hex.pattern', values));
  const sizes = run(commandOf(properties, 'recipe.size.pattern', values));
  const sum = (recipe) => {
    const lines = sizes.matchAll(new RegExp(properties.get(recipe), 'gm'));
    return [...lines].reduce((total, [, bytes]) => total + Number(bytes), 0);
  };
  return {
    name,
    board,
    hex: join(path, `${name}.hex`),
    elf: join(path, `${name}.elf`),
    flashBytes: sum('recipe.size.regex'),
    ramBytes: sum('recipe.size.regex.data'),
  };
}

/**
 * Puts the image's hash into a sketch's .hex, in place: its boards then say HELLO milliseconds after a reset, not after they
 * have read all of their flash.
 */
export function putImageHash({ elf, hex }) {
  const address = addressIn({ elf }, 'port_image_hash');
  const raw = `${elf}.tmp`;
  try {
    run(['avr-objcopy', '-O', 'binary', '-R', '.eeprom', elf, raw]);
    writeFileSync(raw, withImageHash(readFileSync(raw), address));
    run(['avr-objcopy', '-I', 'binary', '-O', 'ihex', raw, hex]);
  } finally {
    rmSync(raw, { force: true });
  }
}

/** The address of a symbol in a sketch's .elf, as avr-nm has it: data begins at 0x800000. */
export function addressIn({ elf }, symbol) {
  const found = new RegExp(`^([0-9a-f]+) .* ${symbol}$`, 'm').exec(run(['avr-nm', elf]));
  if (found === null) throw new Error(`${elf} has no ${symbol}`);
  return Number.parseInt(found[1], 16);
}
