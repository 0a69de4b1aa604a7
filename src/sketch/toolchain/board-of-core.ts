import { join } from 'node:path';
import { CopycatError } from '../../errors/copycat-error.js';
import { type Properties, readProperties } from './properties.js';
import type { Toolchain } from './toolchain.js';

/** A board as a core knows it. */
export interface BoardOfCore {
  readonly toolchain: Toolchain;
  /** All that its recipes may name. */
  readonly properties: Properties;
  /** What a program may take of it: what the boot loader leaves. */
  readonly flashBytes: number;
  readonly ramBytes: number;
  /** The folders of the core's own sources and headers. */
  readonly core: string;
  readonly variant: string;
}

/** The release of the IDE whose headers and defines sketches may count on. */
const IDE_VERSION = '10819';

/**
 * @param fqbn the name by which arduino-cli knows the board: `arduino:avr:nano:cpu=atmega328old`
 * @param defines what the user gives the compiler beside: `CC_WINDOW=4`
 * @throws CopycatError BUILD_FAILED when this core has no such board
 */
export function boardOfCore(toolchain: Toolchain, fqbn: string, defines: readonly string[] = []): BoardOfCore {
  const [, , board = '', ...choices] = fqbn.split(':');
  const chosen = choices
    .join(':')
    .split(',')
    .filter((choice) => choice !== '');
  const boards = readProperties(join(toolchain.core, 'boards.txt'));
  const properties = new Map(readProperties(join(toolchain.core, 'platform.txt')));
  for (const from of [`${board}.`, ...chosen.map((choice) => `${board}.menu.${choice.replace('=', '.')}.`)]) {
    const its = [...boards].filter(([key]) => key.startsWith(from));
    if (its.length === 0) {
      throw new CopycatError('BUILD_FAILED', `the Arduino core in ${toolchain.core} has no board ${fqbn}`);
    }
    for (const [key, value] of its) properties.set(key.slice(from.length), value);
  }
  properties.set('runtime.ide.version', IDE_VERSION);
  properties.set('build.arch', 'AVR');
  properties.set('compiler.path', toolchain.compilerPath);
  // The core is written for a newer avr-gcc than Debian's 5.4, whose float.h has this name for C alone.
  properties.set('compiler.cpp.extra_flags', '-DDECIMAL_DIG=__DECIMAL_DIG__');
  properties.set('build.extra_flags', defines.map((define) => `-D${define}`).join(' '));
  return {
    ...{ toolchain, properties },
    flashBytes: Number(properties.get('upload.maximum_size')),
    ramBytes: Number(properties.get('upload.maximum_data_size')),
    core: join(toolchain.core, 'cores', properties.get('build.core') ?? ''),
    variant: join(toolchain.core, 'variants', properties.get('build.variant') ?? ''),
  };
}
