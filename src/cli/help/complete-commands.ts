import { Argument, type Command, Help } from 'commander';
import { textWidth } from '../terminal/terminal.js';
import { commandHelp } from './command-help.js';
import { hasFileArgument, nameOf, takesConfiguration } from './configuration-argument.js';

/** These print times, and those below them. */
const TELLS_TIMES = /^(?:faults|events|log|report|run|status|watch)(?: |$)/;

/**
 * What every command has alike, whoever wrote it: the configuration can be its last argument, --utc is there where it prints
 * times, and its help ends with an example and its exit codes. Called once, when all commands are there.
 */
export function completeCommands(program: Command): void {
  for (const command of allCommands(program)) {
    command.configureHelp(LAYOUT);
    const name = nameOf(command);
    const isOwn = command.commands.length === 0;
    if (isOwn && takesConfiguration(command) && !hasFileArgument(command)) takeFileLast(command);
    if (isOwn && TELLS_TIMES.test(name)) command.option('--utc', 'print times in UTC');
    if (command !== program) command.addHelpText('after', () => commandHelp(name, textWidth()));
  }
}

/** Names without what all have; and in 60 columns too there is room for a few words beside each. */
const LAYOUT = {
  minWidthToWrap: 20,
  subcommandTerm: (command: Command): string =>
    [command.name(), ...command.registeredArguments.map(argumentText)].join(' '),
};

function argumentText(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** All commands, each before those below it. */
export function allCommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** It is taken out of the arguments before the command hears of them, so that it is none of those that the command knows. */
function takeFileLast(command: Command): void {
  command.allowExcessArguments(true);
  command.usage(`${command.usage()} [file]`);
  const file = new Argument('[file]', 'the same as -c');
  command.configureHelp({ ...LAYOUT, visibleArguments: (shown) => [...new Help().visibleArguments(shown), file] });
}
