import type { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { allCommands } from '#built/cli/help/complete-commands.js';
import { nameOf } from '#built/cli/help/configuration-argument.js';
import { buildProgram } from '#built/cli/program.js';

const build = (): Command => buildProgram('copycat 0', () => undefined);
const isHidden = (command: Command): boolean => {
  const { parent } = command;
  return parent !== null && !parent.createHelp().visibleCommands(parent).includes(command);
};
const VISIBLE = allCommands(build()).filter((command) => command.parent !== null && !isHidden(command));

const { isTTY } = process.stdout;
afterAll(() => void Object.assign(process.stdout, { isTTY }));

/** What `copycat WORDS` prints, in a terminal of so many columns. */
async function printed(words: readonly string[], columns?: number): Promise<string> {
  Object.assign(process.stdout, { isTTY: columns !== undefined, columns });
  const program = build();
  let text = '';
  for (const command of allCommands(program)) {
    command.exitOverride().configureOutput({
      writeOut: (part) => {
        text += part;
      },
    });
  }
  await program.parseAsync([...words], { from: 'user' }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'commander.helpDisplayed')) throw error;
  });
  return text;
}

describe('help', () => {
  it.each(VISIBLE.map(nameOf))('%s --help ends with an example that is one of it, and its exit codes', async (name) => {
    const words = name.split(' ');
    const help = await printed([...words, '--help']);
    expect(help).toContain(`Example:    copycat ${name}`);
    expect(help).toMatch(/^Exit code: {2}0 [\s\S]+ 2\s+wrong\s+usage\s+or\s+configuration$/m);
    expect(await printed(['help', ...words])).toBe(help);
  });

  it('help of nothing is that of the program, and of what is none names what is meant', async () => {
    expect(await printed(['help'])).toBe(await printed(['--help']));
    await expect(printed(['help', 'fualts'])).rejects.toThrow("no command 'fualts' to help with; did you mean faults?");
    await expect(printed(['help', 'faults', 'shwo'])).rejects.toThrow('did you mean show?');
  });

  it.each([60, 80, 120])('no line is longer than a terminal of %i columns', async (columns) => {
    const helps = [await printed(['help'], columns)];
    for (const command of VISIBLE) helps.push(await printed(['help', ...nameOf(command).split(' ')], columns));
    const lines = helps.join('\n').split('\n');
    // A usage is one line: it is read as a whole.
    expect(lines.filter((line) => line.length > columns && !line.startsWith('Usage:'))).toEqual([]);
  });
});

/** What else a command cannot do without. */
const ARGUMENTS: Readonly<Record<string, string>> = { board: 'a', id: '1', seq: '1', archive: 'b.tar' };
const WITH_CONFIGURATION = VISIBLE.filter(
  (command) =>
    command.options.some(({ long }) => long === '--config') &&
    !['init', 'bench', 'identify', 'restore'].includes(command.name()),
);

describe('the configuration', () => {
  it.each(WITH_CONFIGURATION.map(nameOf))('copycat %s takes it as an argument and with -c', async (name) => {
    const command = WITH_CONFIGURATION.find((one) => nameOf(one) === name);
    const required = (command?.registeredArguments ?? [])
      .filter(({ required: isRequired }) => isRequired)
      .map((argument) => ARGUMENTS[argument.name()] ?? '');
    const words = [...name.split(' '), ...required];
    const missing = /configuration file nowhere\.yaml cannot be read/;
    await expect(printed([...words, 'nowhere.yaml'])).rejects.toThrow(missing);
    await expect(printed([...words, '-c', 'nowhere.yaml'])).rejects.toThrow(missing);
    // With -c the word is one of its own, where a command has room for such.
    if ((command?.registeredArguments.length ?? 0) > required.length) return;
    await expect(printed([...words, '-c', 'nowhere.yaml', 'nowhere.yaml'])).rejects.toThrow(missing);
    await expect(printed([...words, 'elsewhere.yaml', '-c', 'nowhere.yaml'])).rejects.toThrow(
      'two configurations are named: nowhere.yaml and elsewhere.yaml',
    );
  });

  it('is every command that has to do with a pair', () => {
    const without = VISIBLE.filter(({ commands }) => commands.length === 0)
      .filter((command) => !command.options.some(({ long }) => long === '--config'))
      .map(nameOf);
    expect(without).toEqual(['build', 'schema', 'token add', 'token remove', 'ports', 'help']);
  });

  it('may stand before or behind what else is named, and needs no ending when it is there', async () => {
    await expect(printed(['faults', 'show', 'nowhere.yaml', '1'])).rejects.toThrow('nowhere.yaml cannot be read');
    await expect(printed(['flash', 'both', 'nowhere.yaml'])).rejects.toThrow('nowhere.yaml cannot be read');
    await expect(printed(['faults', 'show', 'nowhere.yaml'])).rejects.toThrow("missing required argument 'id'");
    await expect(printed(['status', 'package.json'])).rejects.toThrow('package.json');
    await expect(printed(['run', 'nowhere.yaml', 'more'])).rejects.toThrow(
      'more is one argument too many for copycat run',
    );
    await expect(printed(['rejoin', 'b', 'nowhere.yaml', 'more'])).rejects.toThrow('more is one argument too many');
    await expect(printed(['switch', 'b'])).rejects.toThrow('b is one argument too many for copycat switch');
    await expect(printed(['status', 'one.yaml', 'b'])).rejects.toThrow();
  });
});
