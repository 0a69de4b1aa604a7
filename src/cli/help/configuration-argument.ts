import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CopycatError } from '../../errors/copycat-error.js';

/** Whether a command has to do with a configuration at all. */
export function takesConfiguration(command: Command): boolean {
  return command.options.some(({ long }) => long === '--config');
}

/** Whether one of its arguments is called `file`; what that is, only the command knows. */
export function hasFileArgument({ registeredArguments }: Command): boolean {
  return registeredArguments.some((argument) => argument.name() === 'file');
}

/**
 * Before a command runs: the configuration is put where the command looks for it, whether it was named with -c or as an
 * argument. Throws USAGE when two are named.
 */
export function takeConfiguration(command: Command): void {
  if (!takesConfiguration(command)) return;
  const index = placeOfFile(command);
  const option: unknown = command.getOptionValue('config');
  const others = command.args.filter((_, one) => one !== index);
  if (index !== null) {
    const file = command.args[index] ?? '';
    if (typeof option === 'string' && resolve(option) !== resolve(file)) {
      throw new CopycatError('USAGE', `two configurations are named: ${option} and ${file}`, { expected: 'one' });
    }
    command.setOptionValue('config', file);
    fillArguments(command, others);
  }
  const first = others[command.registeredArguments.length];
  if (first !== undefined && !takesAny(command)) {
    throw new CopycatError('USAGE', `${first} is one argument too many for copycat ${nameOf(command)}`, {
      expected: `what copycat help ${nameOf(command)} shows; a configuration is a file that is there, or ends in .yaml`,
    });
  }
}

/**
 * Which of its arguments is the configuration: what ends in .yaml, else a file behind all that it knows. With -c there is
 * nothing to look for among those that the command knows.
 */
function placeOfFile(command: Command): number | null {
  const { args, registeredArguments } = command;
  const behind = registeredArguments.length;
  const isNamed = command.getOptionValue('config') !== undefined;
  const yaml = args.findIndex((word, index) => /\.ya?ml$/i.test(word) && !(isNamed && index < behind));
  if (yaml >= 0) return yaml;
  const word = args[behind];
  if (word === undefined || args.length > behind + 1 || registeredArguments.at(-1)?.variadic === true) return null;
  return existsSync(word) || word.includes('/') ? behind : null;
}

/** The default command below another one says itself what it does not know. */
function takesAny(command: Command): boolean {
  return command.registeredArguments.at(-1)?.variadic === true || command.name() === 'list';
}

function fillArguments(command: Command, words: readonly string[]): void {
  command.args.splice(0, command.args.length, ...words);
  for (const [index, argument] of command.registeredArguments.entries()) {
    if (argument.required && words[index] === undefined) {
      throw new CopycatError('USAGE', `missing required argument '${argument.name()}'`);
    }
    const otherwise: unknown = argument.defaultValue;
    command.processedArgs[index] = argument.variadic ? words.slice(index) : (words[index] ?? otherwise);
  }
}

/** How it is typed, without the name of the program: `faults show`. */
export function nameOf(command: Command): string {
  const above = command.parent;
  return above === null ? '' : `${nameOf(above)} ${command.name()}`.trim();
}
