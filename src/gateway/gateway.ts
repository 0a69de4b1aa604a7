import type { Logger } from 'pino';
import { merge, type Subscription } from 'rxjs';
import type { Config } from '../config/config.js';
import { toPairConfig } from '../config/to-pair-config.js';
import type { BoardLines, BoardLinesRequest } from '../control/contract/board-line.js';
import type { Command, CommandOutcome } from '../control/contract/command.js';
import type { Status } from '../control/contract/status.js';
import type { Standing } from '../control/contract/told.js';
import type { RelayDriver } from '../hardware/relay/relay-driver.js';
import type { Ledger } from '../ledger/ledger.js';
import type { BoardLink } from '../link/board-link.js';
import type { Dialect } from '../link/dialect.js';
import { bytesOf } from '../link/lines/byte-text.js';
import { keepOrderlyEnd } from '../pair/state/facts/ended-in-order.js';
import type { PairConfig } from '../pair/state/pair-config.js';
import type { PairState } from '../pair/state/pair-state.js';
import { restore } from '../pair/state/restore.js';
import { isProtected } from '../pair/state/roles.js';
import type { Upstream } from '../upstream/upstream.js';
import { dialectOf } from './board-dialect.js';
import { type BoardLinks, createBoardLinks } from './board-links.js';
import { createInputs } from './inputs/create-inputs.js';
import { KeptBanner } from './inputs/kept-banner.js';
import { KeptBoardLines } from './log/kept-board-lines.js';
import { logLinkNote } from './log/log-lines.js';
import { onceATurn } from './once-a-turn.js';
import { type OpenedFirst, openFirst } from './open-first.js';
import { createOperators, type OperatorsOptions } from './operator/operators.js';
import { answerAfterMistake, evidenceOf, OwnMistakes } from './own-mistakes.js';
import { PairRuntime } from './pair-runtime.js';
import type { GatewayParts } from './parts.js';
import { type Performers, perform } from './perform.js';
import { UnresponsiveLinks } from './ports/unresponsive-links.js';
import { Standstill } from './standstill.js';
import { describeStatus } from './status/describe-status.js';
import { createTelling } from './tell/telling.js';
import { Chronicle } from './watch/chronicle.js';
import { createWatchers } from './watch/watchers.js';

export interface Gateway {
  /** Where inputs are taken in, for people and tests: `tcp://127.0.0.1:7400`. */
  readonly addresses: readonly string[];
  status(): Status;
  /** What became of what a person asked for; in bounded time, never rejects. `by`: who that is; null: it is not known. */
  command(command: Command, by?: string | null): Promise<CommandOutcome>;
  /** What the boards said for people, as far as it is kept. */
  boardLines(request: BoardLinesRequest): BoardLines;
  /** Takes no more inputs, lets the ledger finish, closes the ports. The relay stays where it is (R27). */
  close(): Promise<void>;
}

/**
 * The one place that joins the parts: links, ledger, upstream and relay around the core. Rejects when ledger or lines
 * cannot be had, or with the reason of `parts.ended`; nothing stays open then. An input that cannot begin is no reason.
 */
export async function startGateway(config: Config, parts: GatewayParts): Promise<Gateway> {
  const dialect = dialectOf(config);
  const pairConfig = toPairConfig(config, dialect.wire);
  const opened = await openFirst(config, pairConfig, parts);
  try {
    return await joinParts(config, pairConfig, dialect, parts, opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function joinParts(
  config: Config,
  pairConfig: PairConfig,
  dialect: Dialect,
  parts: GatewayParts,
  opened: OpenedFirst,
): Promise<Gateway> {
  const { clock, log } = parts;
  const { ledger, rows, relay, safety } = opened;
  const mistakes = new OwnMistakes(config.ledger.path, rows.fresh, clock.nowUs(), log);
  const state = restore(pairConfig, rows, clock.nowUs());
  const runtime = new PairRuntime({ state, clock, onFailure: (error) => endWithMistake(error, mistakes, parts) });
  const dispatch = runtime.dispatch.bind(runtime);
  const onFailure = runtime.fail.bind(runtime);

  const links = createBoardLinks(config, parts, dialect);
  const banner = new KeptBanner(rows.facts, (request) => watchers.perform(request));
  const inputs = createInputs(config, parts, pairConfig.wire.maxPayloadBytes, () => banner.bytes);
  const { upstream } = inputs;
  const telling = createTelling({ config, parts, opened, state, perform: (request) => watchers.perform(request) });
  const watchers = createWatchers({ config, parts, opened, mistakes, dispatch, others: telling.observers });
  const { record } = watchers;
  const chronicle = new Chronicle({ began: parts.began ?? null, clock, perform: watchers.perform });
  const noteAsked: OperatorsOptions['noteAsked'] = (command, by, outcome) => chronicle.note(command, by, outcome, 0);
  const operators = createOperators({
    ...{ config, parts, state, links, opened, record, noteAsked, dispatch, onFailure },
  });

  const performers: Performers = {
    ...{ links: links.all, ledger, upstream, relay, dispatch, ...operators.performers },
    holdReset: (board, held) => safety.holdReset(board, held),
    cutOff: (cut) => safety.cutOff(cut),
  };
  const endOfTurn = onceATurn(() => {
    for (const link of links.all.values()) link.flush();
    safety.follow(state);
  });
  runtime.connect({
    perform: (effect) => perform(effect, performers),
    afterStep: (effects) => {
      endOfTurn();
      for (const effect of effects) watchers.observers.see(effect);
    },
  });
  const streams = joinStreams({ links: links.all, ledger, upstream, relay }, dispatch, onFailure);
  const boardLines = new KeptBoardLines();
  const notes = hearLinkNotes(links, { boardLines, banner, log, portsAreTold: parts.portOf !== undefined });
  const startedAtUs = clock.nowUs();
  const status = (): Status =>
    describeStatus({
      ...{ config, state, relay, ledger: watchers.health, counters: watchers.counters, startedAtUs, clock },
      live: watchers.live,
      times: watchers.times,
      links: links.all,
      portOf: parts.portOf ?? (() => null),
      clients: upstream.clients,
      wear: { operations: record.operations, provedForMs: record.provedForMs, skippedTests: operators.skippedTests },
      log: parts.logStatus?.() ?? null,
      telling: telling.status,
      trouble: [...inputs.trouble, ...parts.lines.trouble, ...safety.trouble],
      mistake: mistakes.cameAgain ? mistakes.sentence : null,
      coreAgeUs: runtime.ageUs,
    });

  const { last } = mistakes;
  dispatch({ type: 'started', ...(last === undefined ? {} : { mistake: last }) });
  if (!runtime.hasFailed) mistakes.noteTold();
  for (const link of links.all.values()) link.start();
  const unresponsiveLinks = new UnresponsiveLinks(clock, state, links.ofPair);
  // Before the inputs: one that is not there yet must not keep the relay without its supply.
  safety.beginDeadMan(status);
  const standstill = new Standstill(runtime, config, clock);
  const look = (): Standing => ({
    protected: !mistakes.cameAgain && !runtime.hasFailed && isProtected(state),
    primary: state.lease.owner,
    stopped: mistakes.cameAgain || state.phase === 'stopped',
  });
  chronicle.begin({ look, images: () => imagesOf(state) });
  telling.begin({
    status,
    look,
    standsBecause: () => standstill.look(status()),
  });
  const addresses = await upstream.start();

  return {
    addresses,
    status,
    boardLines: (request) => boardLines.read(request),
    command: (command, by = null) => {
      log.info({ ...command, ...(by === null ? {} : { by }) }, 'a person asked');
      const outcome = (): Promise<CommandOutcome> => {
        if (command.command === 'notify-test') return telling.test();
        if (runtime.hasFailed) return Promise.resolve(answerAfterMistake(command, mistakes, parts));
        return operators.command(command);
      };
      return chronicle.asked(command, by, outcome());
    },
    close: async () => {
      operators.close();
      unresponsiveLinks.close();
      await upstream.close();
      await operators.ended();
      runtime.stop();
      telling.close();
      // R30: one that stands still by a mistake of its own is not ended as planned, whoever ends it.
      if (!runtime.hasFailed) ledger.submit(keepOrderlyEnd(state.faults.nextFaultId));
      chronicle.close(!runtime.hasFailed);
      watchers.close();
      for (const subscription of [...streams, ...notes]) subscription.unsubscribe();
      for (const link of links.all.values()) link.close();
      await opened.close();
    },
  };
}

/** What the boards last said that they run. */
function imagesOf({ boards }: PairState): Readonly<Record<string, string>> {
  const known = [...boards.values()].flatMap(({ id, session: { hello } }) =>
    hello?.imageHash == null ? [] : [[id, (hello.imageHash >>> 0).toString(16).padStart(8, '0')] as const],
  );
  return Object.fromEntries(known);
}

/** R30: a fresh start takes the boards back, unless one has just been made for the same mistake. */
function endWithMistake(error: unknown, mistakes: OwnMistakes, { log, clock, end }: GatewayParts): void {
  const told = { err: error, ...evidenceOf(error) };
  if (mistakes.cameAgain) {
    // It was stopped for it already, and cannot even be that: nothing is done until a person says so.
    log.fatal(told, 'a mistake in Copycat, again: it stays stopped');
    return;
  }
  log.fatal(told, 'a mistake in Copycat: ending, so that a fresh start takes the boards back');
  mistakes.remember(error, clock.nowUs());
  end();
}

interface Streams {
  readonly links: ReadonlyMap<string, BoardLink>;
  readonly ledger: Ledger;
  readonly upstream: Upstream;
  readonly relay: RelayDriver;
}

/** Everything that the core hears of, but for what the clock and people say. */
function joinStreams(
  { links, ledger, upstream, relay }: Streams,
  dispatch: PairRuntime['dispatch'],
  error: (error: unknown) => void,
): Subscription[] {
  return [
    merge(...[...links.values()].map((link) => link.events)).subscribe({ next: dispatch, error }),
    ledger.answers.subscribe({ next: dispatch, error }),
    upstream.arrivals.subscribe({ next: (arrival) => dispatch({ type: 'inputArrived', ...arrival }), error }),
    relay.reports.subscribe({ next: dispatch, error }),
  ];
}

interface NoteHearers {
  readonly boardLines: KeptBoardLines;
  readonly banner: KeptBanner;
  readonly log: Logger;
  readonly portsAreTold: boolean;
}

function hearLinkNotes(links: BoardLinks, { boardLines, banner, log, portsAreTold }: NoteHearers): Subscription[] {
  return [...links.all.values()].map((link) =>
    link.others.subscribe((note) => {
      if (note.kind === 'log') boardLines.add(link.board, note.text);
      if (note.kind === 'banner') banner.heard(bytesOf(note.text));
      logLinkNote(log, link.board, note, portsAreTold);
    }),
  );
}
