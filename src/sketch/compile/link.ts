import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BoardOfCore } from '../toolchain/board-of-core.js';
import { commandOf } from '../toolchain/properties.js';
import { NotCompiled, run } from './compile.js';
import { withImageHash } from './image-hash.js';

/** What a program takes of a board. */
export interface MemoryUse {
  readonly flashBytes: number;
  /** Of variables; the stack comes beside them. */
  readonly ramBytes: number;
}

export interface ProgramToLink {
  readonly board: BoardOfCore;
  readonly name: string;
  readonly folder: string;
  readonly objects: readonly string[];
  /** The core. */
  readonly archive: string;
  readonly warnings: string;
}

export interface LinkedProgram extends MemoryUse {
  readonly elf: string;
  readonly hex: string;
  /** What the linker said. */
  readonly said: string;
}

/** The linker is told of more memory than there is: a program that is too large is measured, not refused in words of its own. */
const ROOMY = '-Wl,--defsym=__DATA_REGION_LENGTH__=0xffa0 -Wl,--defsym=__TEXT_REGION_LENGTH__=0x40000';

/** Links a program and writes its .hex. Throws NotCompiled. */
export function link(program: ProgramToLink): LinkedProgram {
  const { board, name, folder } = program;
  const values = linkValues(program);
  const said = run(commandOf(board.properties, 'recipe.c.combine.pattern', values), folder);
  run(commandOf(board.properties, 'recipe.objcopy.hex.pattern', values));
  return { elf: join(folder, `${name}.elf`), hex: join(folder, `${name}.hex`), said, ...memoryOf(program) };
}

/**
 * What the program would take without what `left` brings: linked without it, and what is not there is not asked for. What only that uses of the
 * core is not linked then either.
 */
export function memoryWithout(program: ProgramToLink, left: readonly string[]): MemoryUse {
  const without = {
    ...program,
    name: `${program.name}.without`,
    objects: program.objects.filter((object) => !left.includes(object)),
  };
  const values = {
    ...linkValues(without),
    'compiler.c.elf.extra_flags': `${ROOMY} -Wl,--unresolved-symbols=ignore-all`,
    'compiler.warning_flags': '-w',
  };
  run(commandOf(program.board.properties, 'recipe.c.combine.pattern', values), program.folder);
  return memoryOf(without);
}

function linkValues({ name, folder, objects, archive, warnings }: ProgramToLink): Readonly<Record<string, string>> {
  return {
    'build.path': folder,
    'build.project_name': name,
    archive_file: archive,
    object_files: objects.map((object) => `"${object}"`).join(' '),
    'compiler.warning_flags': warnings,
    'compiler.c.elf.extra_flags': ROOMY,
  };
}

function memoryOf(program: ProgramToLink): MemoryUse {
  const { properties } = program.board;
  const sizes = run(commandOf(properties, 'recipe.size.pattern', linkValues(program)));
  const sum = (recipe: string): number => {
    const lines = sizes.matchAll(new RegExp(properties.get(recipe) ?? '', 'gm'));
    return [...lines].reduce((total, [, bytes]) => total + Number(bytes), 0);
  };
  return { flashBytes: sum('recipe.size.regex'), ramBytes: sum('recipe.size.regex.data') };
}

/**
 * Puts the image's hash into a program's .hex, in place: its boards then say HELLO milliseconds after a reset, not after they have read all of
 * their flash. Throws NotCompiled where it has no place for one.
 */
export function putImageHash(board: BoardOfCore, { elf, hex }: Pick<LinkedProgram, 'elf' | 'hex'>): void {
  const address = addressIn(board, elf, HASH_SYMBOL);
  if (address === null) throw new NotCompiled(`${elf} has no ${HASH_SYMBOL}`);
  const raw = `${elf}.tmp`;
  try {
    run([tool(board, 'objcopy'), '-O', 'binary', '-R', '.eeprom', elf, raw]);
    writeFileSync(raw, withImageHash(readFileSync(raw), address));
    run([tool(board, 'objcopy'), '-I', 'binary', '-O', 'ihex', raw, hex]);
  } finally {
    rmSync(raw, { force: true });
  }
}

/** The address of a symbol in an .elf, as avr-nm has it: data begins at 0x800000; null: there is none. */
export function addressIn(board: BoardOfCore, elf: string, symbol: string): number | null {
  const found = new RegExp(`^([0-9a-f]+) .* ${symbol}$`, 'm').exec(run([tool(board, 'nm'), elf]));
  return found === null ? null : Number.parseInt(found[1] ?? '', 16);
}

const HASH_SYMBOL = 'port_image_hash';

function tool({ toolchain }: BoardOfCore, name: 'nm' | 'objcopy'): string {
  return `${toolchain.compilerPath}avr-${name}`;
}
