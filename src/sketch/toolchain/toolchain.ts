import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CopycatError } from '../../errors/copycat-error.js';
import { isProgram } from '../../programs/find-program.js';

/** A compiler for AVR boards, and the Arduino core that it compiles with. */
export interface Toolchain {
  /** The core's folder: platform.txt, boards.txt, cores, variants, libraries. */
  readonly core: string;
  /** What stands before the name of a program: a folder with its slash, or nothing where PATH knows it. */
  readonly compilerPath: string;
}

/** What brings Debian's. */
export const INSTALL_TOOLCHAIN = 'sudo apt install arduino-core-avr gcc-avr avr-libc';
const DEBIAN_CORE = '/usr/share/arduino/hardware/arduino/avr';
const AVR_LIBC = '/usr/lib/avr/include/avr/io.h';
/** Below the folder in which arduino-cli and the Arduino IDE keep what they install. */
const PACKAGES = 'packages/arduino';

/**
 * Debian's arduino-core-avr with gcc-avr; else what arduino-cli or the Arduino IDE has installed for this user.
 * @throws CopycatError BUILD_FAILED: what is missing, and the command that brings it
 */
export function findToolchain(): Toolchain {
  const lacking = lackingOfDebian();
  if (lacking.length === 0) return { core: DEBIAN_CORE, compilerPath: '' };
  const installed = installedByArduino();
  if (installed !== null) return installed;
  if (isProgram('arduino-cli')) {
    const why = 'arduino-cli is there, but not its core for AVR boards (arduino-cli core install arduino:avr)';
    throw new CopycatError('BUILD_FAILED', why);
  }
  const verb = lacking.length === 1 ? 'is' : 'are';
  throw new CopycatError(
    'BUILD_FAILED',
    `${listed(lacking)} ${verb} not installed on this host (${INSTALL_TOOLCHAIN})`,
  );
}

function lackingOfDebian(): readonly string[] {
  const isCompilerThere = isProgram('avr-gcc') && isProgram('avr-g++');
  return [
    ...(existsSync(join(DEBIAN_CORE, 'platform.txt')) ? [] : ['the Arduino core for AVR boards']),
    ...(isCompilerThere ? [] : ['avr-gcc']),
    // A compiler from elsewhere has its own.
    ...(existsSync(AVR_LIBC) || (isCompilerThere && !isProgram('/usr/bin/avr-gcc')) ? [] : ['avr-libc']),
  ];
}

function installedByArduino(): Toolchain | null {
  const packages = join(arduinoFolder(), PACKAGES);
  const core = newest(join(packages, 'hardware/avr'));
  const compiler = newest(join(packages, 'tools/avr-gcc'));
  if (core === null || compiler === null || !isProgram(join(compiler, 'bin/avr-gcc'))) return null;
  return { core, compilerPath: `${compiler}/bin/` };
}

/** Where arduino-cli says that it is, or where it is unless somebody has said otherwise. */
function arduinoFolder(): string {
  const said = process.env['ARDUINO_DIRECTORIES_DATA'];
  if (said !== undefined && said !== '') return said;
  const usual = join(homedir(), '.arduino15');
  if (!isProgram('arduino-cli')) return usual;
  try {
    const words = ['config', 'get', 'directories.data'];
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
    return execFileSync('arduino-cli', words, { encoding: 'utf8', stdio, timeout: 10_000 }).trim() || usual;
  } catch {
    // Older ones have no such command.
    return usual;
  }
}

/** Of the folders in it, which are named by their versions. */
function newest(folder: string): string | null {
  if (!existsSync(folder)) return null;
  const versions = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory());
  const [last] = versions.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return last === undefined ? null : join(folder, last);
}

function listed(words: readonly string[]): string {
  const [last = '', ...others] = [...words].reverse();
  return others.length === 0 ? last : `${others.reverse().join(', ')} and ${last}`;
}
