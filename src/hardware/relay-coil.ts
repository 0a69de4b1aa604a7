import { CopycatError } from '../errors/copycat-error.js';
import type { RelayIo } from './relay-io.js';
import { energisedBoard, type RelayWiring, restBoard } from './relay-wiring.js';

/** The relay's line, commanded through johnny-five's Relay. */
export interface RelayCoil {
  /** Throws what the IO plugin throws. */
  connect(board: string): void;
  /** Set when the IO plugin has failed since: a command may lead nowhere. */
  readonly failure: string | null;
}

/**
 * Waits for the IO plugin and takes the line; writes nothing.
 * johnny-five is loaded here and not before: it takes tens of milliseconds and brings node:domain with it, after which
 * `process.setUncaughtExceptionCaptureCallback` is not to be used.
 */
export async function openCoil(io: RelayIo, pin: string | number, wiring: RelayWiring): Promise<RelayCoil> {
  const { default: five } = await import('johnny-five');
  // sigint: its handler would end the process behind our back; repl and debug would talk on standard output.
  const board = new five.Board({ io, repl: false, debug: false, sigint: false });
  let failure: string | null = null;
  await new Promise<void>((resolve, reject) => {
    board.once('ready', () => resolve());
    board.on('error', (error: unknown) => {
      failure = error instanceof Error ? error.message : String(error);
      reject(
        new CopycatError('RELAY_UNAVAILABLE', `the relay's lines cannot be used: ${failure}`, {
          value: pin,
          expected: 'an IO plugin that becomes ready',
          cause: error,
        }),
      );
    });
  });
  // The contact that connects the board at rest: normally closed. A coil that is on while the line is low swaps the levels.
  const contact = new five.Relay({ board, pin, type: wiring.activeLow ? 'NO' : 'NC' });
  const atRest = restBoard(wiring);
  const energised = energisedBoard(wiring);
  return {
    connect: (to) => {
      if (to === atRest) contact.close();
      else if (to === energised) contact.open();
      else throw new CopycatError('INTERNAL', 'the relay was sent to a board that is not of the pair', { value: to });
    },
    get failure() {
      return failure;
    },
  };
}
