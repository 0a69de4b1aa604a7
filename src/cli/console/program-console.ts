import type { Command } from 'commander';
import type { ExitCode } from '../terminal/report-failure.js';
import type { ConsoleArguments } from './console.js';
import type { TokenOptions } from './token.js';

const collect = (one: string, before: readonly string[] = []): readonly string[] => [...before, one];

/** copycat console. */
export function addConsole(command: Command, finish: (code: ExitCode) => void): void {
  command
    .argument('[file...]', 'configurations of the pairs')
    .option(
      '-c, --config <file>',
      'configuration of a pair; again for each further one (default: ./copycat.yaml and those of all services)',
      collect,
    )
    .option('--listen <address>', 'where it is served: an address and a port, or unix: and a path', '127.0.0.1:8080')
    .option('--token-file <file>', 'who comes over TCP has to show a token of it (copycat token add)')
    .option('--tls-key <file>', 'encrypted: the key, in PEM')
    .option('--tls-cert <file>', 'encrypted: the certificate, in PEM')
    .option('--host <name>', 'a further name by which browsers come; again for each', collect)
    .action(async (files: readonly string[], options: ConsoleArguments) => {
      const { serve } = await import('./console.js');
      finish(await serve(files, options));
    });
}

/** copycat token. */
export function addToken(token: Command, finish: (code: ExitCode) => void): void {
  token.helpCommand(false);
  const part = (name: string, description: string): Command =>
    token
      .command(name)
      .description(description)
      .argument('<name>', 'whose it is')
      .option('--token-file <file>', 'the file of tokens', 'copycat.tokens');
  part('add', 'make a token for somebody, and print it once')
    .option('--read-only', 'for looking only')
    .action(async (name: string, options: TokenOptions) => {
      const { addNamedToken } = await import('./token.js');
      finish(addNamedToken(name, options));
    });
  part('remove', 'let somebody in no more').action(async (name: string, options: TokenOptions) => {
    const { removeNamedToken } = await import('./token.js');
    finish(removeNamedToken(name, options));
  });
}
