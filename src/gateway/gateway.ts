import type { Logger } from 'pino';
import { merge, type Subscription } from 'rxjs';
import type { Config } from '../config/config.js';
import { toPairConfig } from '../config/to-pair-config.js';
import type { Command, CommandOutcome } from '../control/command.js';
import type { Status } from '../control/status.js';
import type { RelayDriver } from '../hardware/relay-driver.js';
import type { Ledger, LedgerHealth } from '../ledger/ledger.js';
import { type BoardLink, createBoardLink } from '../link/board-link.js';
import { HARNESS } from '../link/harness/harness-dialect.js';
import type { PairEffect } from '../pair/effects.js';
import type { PairConfig } from '../pair/pair-config.js';
import { restore } from '../pair/restore.js';
import type { Upstream } from '../upstream/upstream.js';
import { AwaitedAnswers } from './awaited-answers.js';
import { converterTrouble } from './check-update.js';
import { CommandDesk } from './command-desk.js';
import { convertState } from './convert-state.js';
import { Counters } from './counters.js';
import { describeStatus } from './describe-status.js';
import { perform } from './effects/perform.js';
import { FlashDesk } from './flash-desk.js';
import { IdentifyDesk } from './identify-desk.js';
import { logEffect, logHealth, logLinkNote } from './log-lines.js';
import { createInputs } from './make-upstream.js';
import { MuteLinks } from './mute-links.js';
import { onceATurn } from './once-a-turn.js';
import { type OpenedFirst, openFirst } from './open-first.js';
import { answerAfterMistake, evidenceOf, OwnMistakes } from './own-mistakes.js';
import { PairRuntime } from './pair-runtime.js';
import type { GatewayParts } from './parts.js';
import { RecordingWatch } from './recording-watch.js';
import { RelayRecord } from './relay-record.js';
import { RelayTestDesk } from './relay-test-desk.js';
import { SupplyNotes } from './supply-notes.js';

/** A board that is gone is looked for again soon, and for ever. */
const RETRY = { firstUs: 100_000, maxUs: 1_000_000 };

export interface Gateway {
  /** Where inputs are taken in, for people and tests: `tcp://127.0.0.1:7400`. */
  readonly addresses: readonly string[];
  status(): Status;
  /** What became of what a person asked for; in bounded time, never rejects. */
  command(command: Command): Promise<CommandOutcome>;
  /** Answers that the ledger owes at this moment; none while it waits for storage: nobody knows when they come. */
  readonly awaitedAnswers: number;
  /** Takes no more inputs, lets the ledger finish, closes the ports. The relay stays where it is (R27). */
  close(): Promise<void>;
}

/**
 * The one place that joins the parts: links, ledger, upstream and relay around the core. Rejects when ledger or lines
 * cannot be had, or with the reason of `parts.ended`; nothing stays open then. An input that cannot begin is no reason.
 */
export async function startGateway(config: Config, parts: GatewayParts): Promise<Gateway> {
  const pairConfig = toPairConfig(config, HARNESS.wire);
  const opened = await openFirst(config, pairConfig, parts);
  try {
    return await joinParts(config, pairConfig, parts, opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function joinParts(
  config: Config,
  pairConfig: PairConfig,
  parts: GatewayParts,
  opened: OpenedFirst,
): Promise<Gateway> {
  const { clock, log } = parts;
  const { ledger, rows, relay, safety } = opened;
  const mistakes = new OwnMistakes(config.ledger.path, rows.fresh, clock.nowUs(), log);
  const state = restore(pairConfig, rows, clock.nowUs());
  const inputs = createInputs(config, parts);
  const { upstream } = inputs;
  const links = new Map<string, BoardLink>();
  for (const board of config.boards) {
    const openSession = () => parts.openSession(board);
    links.set(board.board, createBoardLink({ dialect: HARNESS, board: board.board, openSession, clock, retry: RETRY }));
  }
  const { thirdCopy } = config;
  if (thirdCopy !== null) {
    const openSession = () => parts.openThirdCopy(thirdCopy);
    links.set(
      thirdCopy.board,
      createBoardLink({ dialect: HARNESS, board: thirdCopy.board, openSession, clock, retry: RETRY }),
    );
  }
  const counters = new Counters();
  const failed = (error: unknown): void => {
    runtime.fail();
    if (mistakes.cameAgain) {
      // R30: it was stopped for it already, and cannot even be that: nothing is done until a person says so.
      log.fatal({ err: error, ...evidenceOf(error) }, 'a mistake in Copycat, again: it stays stopped');
      return;
    }
    log.fatal(
      { err: error, ...evidenceOf(error) },
      'a mistake in Copycat: ending, so that a fresh start takes the boards back',
    );
    mistakes.remember(error, clock.nowUs());
    parts.end();
  };
  const runtime = new PairRuntime({
    state,
    clock,
    perform: (effect) => performOne(effect),
    afterStep: onceATurn(() => {
      for (const link of links.values()) link.flush();
      safety.follow(state);
    }),
    onFailure: failed,
  });
  const happen = runtime.happen.bind(runtime);
  const commands = new CommandDesk(clock, happen);
  const flashes = new FlashDesk(config, links, parts, happen, failed);
  const identify = new IdentifyDesk({ state, links, clock, portOf: parts.portOf ?? (() => null) });
  const awaited = new AwaitedAnswers();
  const supplyNotes = new SupplyNotes({
    ...{ clock, log },
    readTrouble: parts.readHostTrouble ?? (() => null),
    perform: (effect) => performOne(effect),
  });
  const performOne = (effect: PairEffect): void => {
    counters.see(effect);
    awaited.asked(effect);
    logEffect(log, effect);
    supplyNotes.see(effect);
    if (effect.type === 'recordStopped' && !effect.stopped) mistakes.forget();
    perform(effect, {
      ...{ links, ledger, upstream, relay, happen },
      flash: (board, image) => flashes.flash(board, image),
      holdReset: (board, held) => safety.holdReset(board, held),
      cutOff: (cut) => safety.cutOff(cut),
      convert: (wanted) => {
        convertState(wanted).then(happen, failed);
      },
      answerCommand: (answer) => commands.answer(answer),
    });
  };
  const record = new RelayRecord({ facts: rows.facts, relay, perform: performOne });
  const tests = new RelayTestDesk({
    ...{ state, relay, clock },
    hasFeedback: config.relay.feedbacks.length > 0,
    everyUs: config.relay.proveEveryUs,
    ask: (command) => commands.ask(command),
    provedForMs: () => record.provedForMs,
    tell: (outcome) => log.info(outcome, 'the relay was tested, as is due'),
  });
  const startedAtUs = clock.nowUs();
  let health: LedgerHealth = { waiting: 0, trouble: null, stands: false, standby: [] };
  const recording = new RecordingWatch(config.ledger.durability, happen);
  const subscriptions = [
    ...joinStreams({ links, ledger, upstream, relay }, happen, failed, log, parts.portOf !== undefined),
    ledger.answers.subscribe((answer) => awaited.answered(answer)),
    ledger.health.subscribe((changed) => {
      if (changed.trouble !== health.trouble) logHealth(log, changed);
      health = changed;
      recording.changed(changed);
    }),
    ledger.laterNotes.subscribe((note) => log.warn(note)),
    relay.reports.subscribe((report) => record.see(report)),
  ];
  const status = (): Status =>
    describeStatus({
      ...{ config, state, relay, ledger: health, counters, links, startedAtUs, clock },
      portOf: parts.portOf ?? (() => null),
      clients: upstream.clients,
      wear: { operations: record.operations, provedForMs: record.provedForMs, skippedTests: tests.skipped },
      log: parts.logStatus?.() ?? null,
      trouble: [...inputs.trouble, ...parts.lines.trouble, ...safety.trouble],
      mistake: mistakes.cameAgain ? mistakes.sentence : null,
    });

  const { last } = mistakes;
  happen({ type: 'started', ...(last === undefined ? {} : { mistake: last }) });
  if (!runtime.hasFailed) mistakes.noteTold();
  for (const link of links.values()) link.start();
  const boardLinks = [...links.values()].filter(({ board }) => board !== thirdCopy?.board);
  const muteLinks = new MuteLinks(clock, state, boardLinks);
  // Before the inputs: one that is not there yet must not keep the relay without its supply.
  safety.beginDeadMan(status);
  const addresses = await upstream.start();

  return {
    addresses,
    get awaitedAnswers() {
      return health.stands || isSlow(parts) ? 0 : awaited.count;
    },
    status,
    command: (command) => {
      log.info(command, 'a person asked');
      if (runtime.hasFailed) return Promise.resolve(answerAfterMistake(command, mistakes, parts));
      if (command.command === 'identify') return identify.identify(command.board);
      if (command.command === 'update-begin' || command.command === 'update-check') {
        const refused = updateTrouble(config, parts, command);
        if (refused !== null) return Promise.resolve({ refused });
        if (command.command === 'update-check') return Promise.resolve({ done: 'nothing is known against it' });
      }
      return command.command === 'relay-test' ? tests.test(command.back) : commands.ask(command);
    },
    close: async () => {
      commands.close();
      identify.close();
      tests.close();
      muteLinks.close();
      await upstream.close();
      await flashes.ended();
      runtime.stop();
      supplyNotes.close();
      for (const subscription of subscriptions) subscription.unsubscribe();
      for (const link of links.values()) link.close();
      await opened.close();
    },
  };
}

interface Streams {
  readonly links: ReadonlyMap<string, BoardLink>;
  readonly ledger: Ledger;
  readonly upstream: Upstream;
  readonly relay: RelayDriver;
}

function joinStreams(
  streams: Streams,
  happen: PairRuntime['happen'],
  failed: (error: unknown) => void,
  log: Logger,
  portsAreTold: boolean,
): Subscription[] {
  const links = [...streams.links.values()];
  return [
    merge(...links.map((link) => link.happenings)).subscribe({ next: happen, error: failed }),
    streams.ledger.answers.subscribe({ next: happen, error: failed }),
    streams.upstream.arrivals.subscribe({
      next: (arrival) => happen({ type: 'inputArrived', ...arrival }),
      error: failed,
    }),
    streams.relay.reports.subscribe({ next: happen, error: failed }),
    ...links.map((link) =>
      link.others.subscribe({ next: (note) => logLinkNote(log, link.board, note, portsAreTold), error: failed }),
    ),
  ];
}

/** R26: the backup leaves the pair for an update; for one that cannot come to anything it stays. */
function updateTrouble(
  { boards }: Config,
  { flashTrouble }: GatewayParts,
  { board, image, converter }: Extract<Command, { command: 'update-check' | 'update-begin' }>,
): string | null {
  const found = boards.find((one) => one.board === board);
  const trouble = (found && flashTrouble?.(found, image)) ?? converterTrouble(converter);
  return trouble === null ? null : `Nothing was done: ${trouble}.`;
}

/** The bench's slow disk: what it owes comes when its own time is there. */
function isSlow({ storageDelay, clock }: GatewayParts): boolean {
  return storageDelay !== undefined && (storageDelay.us > 0 || clock.nowUs() < storageDelay.untilUs);
}
