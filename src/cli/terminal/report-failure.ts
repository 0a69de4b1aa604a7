import { basename } from 'node:path';
import { CommanderError } from 'commander';
import { CopycatError, type CopycatErrorCode } from '../../errors/copycat-error.js';
import { nativeModuleTrouble } from '../../errors/native-module.js';
import { jsonText } from './printable.js';
import { print, printError } from './terminal.js';

/** 0: it is so; 1: a promise was not held, the pair is not protected, something failed; 2: usage or configuration. */
export type ExitCode = 0 | 1 | 2;

const USERS_OWN: readonly CopycatErrorCode[] = ['USAGE', 'CONFIG_INVALID', 'CONFIG_MISSING'];

/** What a program gets instead of what it asked for: one object, on one line, so that it fits also where lines are expected. */
export function printJsonFailure(code: string, message: string, more: Readonly<Record<string, unknown>> = {}): void {
  print(jsonText({ ...more, error: { code, message } }));
}

/**
 * Says what went wrong on standard error, in sentences that begin with `copycat:`, and gives the exit code for it. `isJson`:
 * a program reads standard output, and is told there as well.
 */
export function reportFailure(error: unknown, isJson = process.argv.includes('--json')): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const [first = '', ...more] = failureSentences(error);
  printError(`copycat: ${first}`);
  for (const sentence of more) printError(error instanceof CopycatError ? `copycat: ${sentence}` : sentence);
  if (isJson && error instanceof CopycatError) printJsonFailure(error.code, [first, ...more].join('\n'));
  return exitCodeFor(error);
}

export function exitCodeFor(error: unknown): ExitCode {
  return error instanceof CopycatError && USERS_OWN.includes(error.code) ? 2 : 1;
}

/** What went wrong, for a person. */
export function failureSentences(error: unknown): readonly string[] {
  const native = nativeModuleTrouble(error);
  if (native !== null) return [native];
  if (error instanceof CopycatError) return sentencesOf(error);
  return [
    error instanceof Error ? error.message : String(error),
    'This is a mistake in Copycat itself. What follows helps to find it:',
    error instanceof Error ? (error.stack ?? '') : '',
  ];
}

/** The message, then value, expectation and cause as far as the message does not already hold them. */
function sentencesOf(error: CopycatError): readonly string[] {
  const { message, value, expected, cause } = error;
  // Several mistakes of a file are lines of their own and complete already.
  if (message.includes('\n')) return message.split('\n');
  const reason = cause instanceof Error ? cause.message.replace(/^Error: /, '') : '';
  // Sentences of their own say what to do; half of one behind them would say it again, and worse.
  if (message.endsWith('.')) return [message];
  const more: string[] = [];
  // The configuration's own sentences show the value already, cut short.
  if (error.code === 'CONFIG_INVALID' && expected !== undefined && message.includes(expected)) return [message];
  if (value !== undefined && !names(`${message} ${reason}`, value)) more.push(`got ${shown(value)}`);
  // What a port needs is said as what to do (src/serial/ports/port-error.ts).
  const before = error.code === 'PORT_UNAVAILABLE' ? '' : 'expected ';
  if (expected !== undefined && !message.includes(expected)) more.push(`${before}${expected}`);
  if (reason !== '' && !message.includes(reason)) more.push(`because: ${reason}`);
  return [more.length === 0 ? message : [message.replace(/\.$/, ''), ...more].join('; ')];
}

/** Whether a text has the value, or a path as its user typed it. */
function names(text: string, value: unknown): boolean {
  const said = shown(value);
  return text.includes(said) || (said.startsWith('/') && text.includes(basename(said)));
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
