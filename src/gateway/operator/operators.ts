import type { Config } from '../../config/config.js';
import type { Command, CommandOutcome } from '../../control/contract/command.js';
import type { PairEvent } from '../../pair/state/events.js';
import type { PairState } from '../../pair/state/pair-state.js';
import type { BoardLinks } from '../board-links.js';
import { converterTrouble, foreignFirmware } from '../check-update.js';
import type { RelayRecord } from '../lines/relay-record.js';
import type { OpenedFirst } from '../open-first.js';
import type { GatewayParts } from '../parts.js';
import type { Performers } from '../perform.js';
import { OperatorCommands } from './commands.js';
import { convertState } from './convert-state.js';
import { Flasher } from './flasher.js';
import { BoardIdentifier } from './identify.js';
import { RelayProofTest } from './relay-proof-test.js';

export interface OperatorsOptions {
  readonly config: Config;
  readonly parts: GatewayParts;
  readonly state: PairState;
  readonly links: BoardLinks;
  readonly opened: Pick<OpenedFirst, 'relay'>;
  readonly record: RelayRecord;
  /** For the record: what the gateway does by itself. */
  readonly noteAsked: (command: Command, by: string, outcome: CommandOutcome) => void;
  readonly dispatch: (event: PairEvent) => void;
  /** A mistake of ours. */
  readonly onFailure: (error: unknown) => void;
}

/** What a person can ask of a running pair, and what the core has done for him. */
export interface Operators {
  /** Tests of the relay that were due and could not be. */
  readonly skippedTests: number;
  /** In bounded time; never rejects. */
  command(command: Exclude<Command, { command: 'notify-test' }>): Promise<CommandOutcome>;
  readonly performers: Pick<Performers, 'flash' | 'convert' | 'answerCommand'>;
  /** Takes nothing more. */
  close(): void;
  /** What must not be left half done has come to its end. */
  ended(): Promise<void>;
}

export function createOperators(options: OperatorsOptions): Operators {
  const { config, parts, state, links, opened, record, noteAsked, dispatch, onFailure } = options;
  const { clock, log } = parts;
  const commands = new OperatorCommands(clock, dispatch);
  const flashes = new Flasher(config, links.all, parts, dispatch, onFailure);
  const identify = new BoardIdentifier({ state, links: links.all, clock, portOf: parts.portOf ?? (() => null) });
  const tests = new RelayProofTest({
    ...{ state, relay: opened.relay, clock },
    hasRelay: config.relay.kind !== 'none',
    hasFeedback: config.relay.feedbacks.length > 0 || config.relay.kind === 'emulated',
    everyUs: config.relay.proveEveryUs,
    ask: (command) => commands.ask(command),
    provedForMs: () => record.provedForMs,
    tell: (outcome) => {
      log.info(outcome, 'the relay was tested, as is due');
      noteAsked({ command: 'relay-test', back: true }, 'relay.prove-every', outcome);
    },
  });
  return {
    get skippedTests() {
      return tests.skipped;
    },
    command: (command) => {
      if (command.command === 'identify') return identify.identify(command.board);
      if (command.command === 'update-begin' || command.command === 'update-check') {
        const refused = updateTrouble(config, parts, command);
        if (refused !== null) return Promise.resolve({ refused });
        if (command.command === 'update-check') return Promise.resolve({ done: 'nothing is known against it' });
      }
      return command.command === 'relay-test' ? tests.test(command.back) : commands.ask(command);
    },
    performers: {
      flash: (board, image) => flashes.flash(board, image),
      convert: (wanted) => {
        convertState(wanted).then(dispatch, onFailure);
      },
      answerCommand: (answer) => commands.answer(answer),
    },
    close: () => {
      commands.close();
      identify.close();
      tests.close();
    },
    ended: () => flashes.ended(),
  };
}

/** R26: the backup leaves the pair for an update; for one that cannot come to anything it stays. */
function updateTrouble(
  config: Config,
  { flashTrouble }: GatewayParts,
  { board, image, converter }: Extract<Command, { command: 'update-check' | 'update-begin' }>,
): string | null {
  const found = config.boards.find((one) => one.board === board);
  const trouble = foreignFirmware(config) ?? (found && flashTrouble?.(found, image)) ?? converterTrouble(converter);
  return trouble === null ? null : `Nothing was done: ${trouble}.`;
}
