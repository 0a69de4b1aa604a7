import type { Subscription } from 'rxjs';
import type { Config } from '../../config/config.js';
import type { LedgerHealth } from '../../ledger/ledger.js';
import type { LedgerRequest } from '../../pair/state/effects.js';
import type { PairEvent } from '../../pair/state/events.js';
import { type EffectObserver, EffectObservers } from '../effects/effect-observers.js';
import { RelayRecord } from '../lines/relay-record.js';
import { ToldFaults } from '../log/fault-lines.js';
import { FaultTeller } from '../log/fault-teller.js';
import { logEffect, logHealth } from '../log/log-lines.js';
import type { OpenedFirst } from '../open-first.js';
import type { OwnMistakes } from '../own-mistakes.js';
import type { GatewayParts } from '../parts.js';
import { AnswerTimes } from './answer-times.js';
import { Counters } from './counters.js';
import { LiveResults } from './live-results.js';
import { RecordingWatch } from './recording-watch.js';
import { SupplyNotes } from './supply-notes.js';

export interface WatchersOptions {
  readonly config: Config;
  readonly parts: GatewayParts;
  readonly opened: OpenedFirst;
  readonly mistakes: OwnMistakes;
  readonly dispatch: (event: PairEvent) => void;
  /** Who else looks on. */
  readonly others: readonly EffectObserver[];
}

/** Those who only look on, and what they have seen; the pair is the same without them (R32). */
export interface Watchers {
  readonly counters: Counters;
  readonly live: LiveResults;
  readonly times: AnswerTimes;
  readonly record: RelayRecord;
  readonly observers: EffectObservers;
  /** As the ledger said it last. */
  readonly health: LedgerHealth;
  /** What somebody who looks on wants the ledger to keep. */
  perform(request: LedgerRequest): void;
  close(): void;
}

export function createWatchers({ config, parts, opened, mistakes, dispatch, others }: WatchersOptions): Watchers {
  const { clock, log } = parts;
  const { ledger, relay, rows } = opened;
  const counters = new Counters();
  const { sources, outputs } = config;
  const live = new LiveResults({ ...config.fields, sources, outputs }, () => clock.nowUs());
  const times = new AnswerTimes(() => clock.nowUs());
  const perform = (request: LedgerRequest): void => {
    observers.see(request);
    ledger.submit(request);
  };
  const toldFaults = new ToldFaults((faultId) => ledger.keptAs(faultId));
  const supplyNotes = new SupplyNotes({
    clock,
    log,
    readTrouble: parts.readHostTrouble ?? (() => null),
    perform,
    keptAs: ledger.keptAs.bind(ledger),
  });
  const faultTeller = new FaultTeller(log, clock, ledger.keptAs.bind(ledger));
  const observers = new EffectObservers(
    [
      { name: 'counters', see: (effect) => counters.see(effect) },
      { name: 'live results', see: (effect) => live.see(effect) },
      { name: 'answer times', see: (effect) => times.see(effect) },
      { name: 'log', see: (effect) => logEffect(log, effect, toldFaults) },
      { name: 'fault teller', see: (effect) => faultTeller.see(effect) },
      { name: 'supply notes', see: (effect) => supplyNotes.see(effect) },
      { name: 'own mistakes', see: (effect) => mistakes.see(effect) },
      ...others,
    ],
    (name, error) => log.error({ err: error }, `${name}: a mistake in Copycat; nothing more is seen by it`),
  );
  const record = new RelayRecord({ facts: rows.facts, relay, perform });
  const recording = new RecordingWatch(config.ledger.durability, dispatch);
  let health: LedgerHealth = { waiting: 0, trouble: null, stands: false, standby: [] };
  const subscriptions: Subscription[] = [
    ledger.health.subscribe((changed) => {
      if (changed.trouble !== health.trouble) logHealth(log, changed);
      health = changed;
      recording.changed(changed);
    }),
    ledger.laterNotes.subscribe((note) => log.warn(note)),
    relay.reports.subscribe((report) => record.see(report)),
  ];
  return {
    ...{ counters, live, times, record, observers, perform },
    get health() {
      return health;
    },
    close: () => {
      supplyNotes.close();
      faultTeller.close();
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
}
