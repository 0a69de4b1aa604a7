import type { Board } from 'johnny-five';
import type { Subscription } from 'rxjs';
import { CopycatError } from '../../errors/copycat-error.js';
import type { LineIo } from './line-io.js';
import type { LineProvider } from './line-provider.js';
import { OutputLine } from './output-line.js';

export interface OutputOptions {
  /** True when a low level means on. */
  readonly activeLow: boolean;
  /** Called when its provider was away and is back, instead of writing the last command again. */
  readonly onReturn?: () => void;
}

export interface InputOptions {
  /** True when a low level means on. */
  readonly activeLow: boolean;
  readonly pull: 'none' | 'up' | 'down';
}

export interface InputLine {
  /** It is about to change: worth looking at more often for a while. */
  expectChange(): void;
}

/** The lines of a gateway, of whatever provider, by their names. */
export interface Lines {
  /** Writes nothing: the first `set` takes the line with that level. Rejects with RELAY_UNAVAILABLE. */
  openOutput(line: string, options: OutputOptions): Promise<OutputLine>;
  /** Tells the present state soon and every later one; null while it cannot be known. Rejects with RELAY_UNAVAILABLE. */
  openInput(line: string, options: InputOptions, hear: (on: boolean | null) => void): Promise<InputLine>;
  /** For johnny-five's Sensor, Button and the like. Rejects with RELAY_UNAVAILABLE. */
  boardOf(
    line: string,
  ): Promise<{ readonly board: Board; readonly pin: string | number; readonly provider: LineProvider }>;
  /** What is wrong with providers whose lines are in use. */
  readonly trouble: readonly string[];
  close(): void;
}

interface OpenProvider {
  readonly provider: LineProvider;
  readonly io: LineIo;
  readonly board: Board;
  /** What is to be done for each output when it is back. */
  readonly outputs: (() => void)[];
  readonly inputs: (() => void)[];
}

/** Providers are opened when the first of their lines is asked for, and not before. */
export function createLines(providers: readonly LineProvider[]): Lines {
  const open = new Map<LineProvider, Promise<OpenProvider>>();
  const subscriptions: Subscription[] = [];
  const used = new Set<LineProvider>();

  const providerOf = (line: string): Promise<OpenProvider> => {
    const provider = providers.find((one) => one.has(line));
    if (provider === undefined) {
      throw new CopycatError('RELAY_UNAVAILABLE', `there is nothing here that has a line ${line}`, {
        value: line,
        expected: `a line of ${providers.map(({ name }) => name).join(' or ') || 'a provider'}`,
      });
    }
    const known = open.get(provider) ?? openProvider(provider, subscriptions);
    open.set(provider, known);
    used.add(provider);
    // Whoever asks again later (an input that is tried for ever) gets another try.
    known.catch(() => open.delete(provider));
    return known;
  };

  return {
    openOutput: async (line, { activeLow, onReturn }) => {
      const { provider, io, board, outputs } = await providerOf(line);
      const { default: five } = await import('johnny-five');
      const pin = pinOf(line, provider, io);
      // A line whose low level means on: what johnny-five calls normally closed, closed by a low level.
      const relay = new five.Relay({ board, pin, type: activeLow ? 'NC' : 'NO' });
      const output = new OutputLine(line, relay, provider, activeLow, () => io.readLevel?.(pin) ?? null);
      outputs.push(onReturn ?? (() => output.repeat()));
      return output;
    },
    openInput: async (line, options, hear) => {
      const { provider, io, inputs } = await providerOf(line);
      inputs.push(readInput(provider, io, line, options, hear));
      return { expectChange: () => io.expectChange?.() };
    },
    boardOf: async (line) => {
      const { provider, io, board } = await providerOf(line);
      return { provider, board, pin: pinOf(line, provider, io) };
    },
    get trouble() {
      return [...used].flatMap(({ name, trouble }) => (trouble === null ? [] : [`${name}: ${trouble}`]));
    },
    close: () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
      for (const provider of used) provider.close();
    },
  };
}

function pinOf(line: string, provider: LineProvider, io: LineIo): string | number {
  const pin = provider.pinOf(line);
  return io.normalize?.(pin) ?? pin;
}

async function openProvider(provider: LineProvider, subscriptions: Subscription[]): Promise<OpenProvider> {
  const io = await provider.open();
  const board = await openBoard(io, provider.name);
  const opened: OpenProvider = { provider, io, board, outputs: [], inputs: [] };
  subscriptions.push(
    provider.changes.subscribe((trouble) => {
      for (const refresh of opened.inputs) refresh();
      // It is back, perhaps after a restart that left its pins open: every line says again what it is to be.
      if (trouble === null) for (const restore of new Set(opened.outputs)) restore();
    }),
  );
  return opened;
}

/**
 * johnny-five is loaded here and not before: it takes tens of milliseconds and brings node:domain with it, after which
 * `process.setUncaughtExceptionCaptureCallback` is not to be used.
 */
async function openBoard(io: LineIo, name: string): Promise<Board> {
  const { default: five } = await import('johnny-five');
  // sigint: its handler would end the process behind our back; repl and debug would talk on standard output.
  const board = new five.Board({ io, repl: false, debug: false, sigint: false });
  // What the plugin calls an error is the provider's to tell; without a listener it would be thrown.
  board.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    board.once('ready', resolve);
    board.once('error', (cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      reject(new CopycatError('RELAY_UNAVAILABLE', `the lines of ${name} cannot be used: ${why}`, { cause }));
    });
  });
  return board;
}

/** Returns what tells the input anew after the provider's trouble has changed. */
function readInput(
  provider: LineProvider,
  io: LineIo,
  line: string,
  { activeLow, pull }: InputOptions,
  hear: (on: boolean | null) => void,
): () => void {
  const pin = pinOf(line, provider, io);
  if (io.setPull !== undefined) io.setPull(pin, pull);
  else if (pull !== 'none') {
    throw new CopycatError('RELAY_UNAVAILABLE', `${provider.name} has no resistor inside that pulls ${line} ${pull}`, {
      value: pull,
      expected: 'feedback-pull: none, and a resistor outside',
    });
  }
  let last: boolean | null = null;
  let isTold = false;
  const tell = (on: boolean | null): void => {
    if (isTold && on === last) return;
    isTold = true;
    last = on;
    hear(on);
  };
  io.pinMode(pin, io.MODES.INPUT);
  io.digitalRead(pin, (level) => {
    if (provider.trouble === null) tell((level === io.HIGH) !== activeLow);
  });
  return () => {
    if (provider.trouble !== null) tell(null);
  };
}
