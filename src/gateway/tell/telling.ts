import { checkNotify } from '../../config/checks/check-notify.js';
import type { Config } from '../../config/config.js';
import type { CommandOutcome } from '../../control/contract/command.js';
import type { Status, TellingStatus } from '../../control/contract/status.js';
import type { Standing } from '../../control/contract/told.js';
import { readBootId } from '../../ledger/files/boot-id.js';
import { wallTimeOf } from '../../ledger/requests/wall-time.js';
import { CommandProcess, type CommandRunner } from '../../notify/command-runner.js';
import type { LedgerRequest } from '../../pair/state/effects.js';
import type { PairState } from '../../pair/state/pair-state.js';
import type { EffectObserver } from '../effects/effect-observers.js';
import type { OpenedFirst } from '../open-first.js';
import type { GatewayParts } from '../parts.js';
import { Heartbeats } from './heartbeats.js';
import { KeptFaults } from './kept-faults.js';
import { Teller } from './teller.js';
import { testCommands } from './test-messages.js';
import { testOutcome } from './test-outcome.js';
import { heartbeat, toldChange, toldFault } from './told-messages.js';
import { UntoldChange } from './untold-change.js';
import { UntoldFaults } from './untold-faults.js';

/** How often it is looked whether the pair stands otherwise. */
const LOOK_EVERY_US = 500_000;
const TOLD_STANDING = 'told-standing';

export interface TellingOptions {
  readonly config: Config;
  readonly parts: Pick<GatewayParts, 'clock' | 'log'>;
  readonly opened: Pick<OpenedFirst, 'rows' | 'ledger'>;
  readonly state: PairState;
  readonly perform: (request: LedgerRequest) => void;
}

/** What is known of the gateway once it is joined. */
export interface TellingSources {
  readonly look: () => Standing;
  readonly status: () => Status;
  /** Why the core does not do its work; null: it does. */
  readonly standsBecause: () => string | null;
}

/** Commands of the configuration that tell somebody (R32: in processes of their own; nobody here waits for them). */
export interface Telling {
  readonly observers: readonly EffectObserver[];
  readonly status: readonly TellingStatus[];
  /** Once the gateway can say how it is. */
  begin(sources: TellingSources): void;
  /** Calls each command once. A text: which failed, or that there are none. */
  test(): Promise<CommandOutcome>;
  close(): void;
}

export function createTelling(options: TellingOptions): Telling {
  const { notify } = options.config;
  const isWanted = notify.onFault !== null || notify.onChange !== null || notify.heartbeat !== null;
  return isWanted ? new ConfiguredTelling(options) : TELLS_NOBODY;
}

const TELLS_NOBODY: Telling = {
  observers: [],
  status: [],
  begin: () => undefined,
  test: () => Promise.resolve({ refused: 'The configuration has no command that tells anybody: see docs/notify.md.' }),
  close: () => undefined,
};

class ConfiguredTelling implements Telling {
  readonly observers: readonly EffectObserver[];
  readonly #runner: CommandRunner;
  readonly #kept: KeptFaults;
  readonly #faults: Teller | null;
  #change: Teller | null = null;
  #heartbeats: Heartbeats | null = null;
  #sources: TellingSources | null = null;
  #cancelLook: (() => void) | null = null;

  constructor(private readonly options: TellingOptions) {
    const { config, parts, opened, state, perform } = options;
    const { clock, log } = parts;
    this.#runner = new CommandProcess(clock);
    this.#kept = new KeptFaults({ facts: opened.rows.facts, clock, perform });
    const { onFault } = config.notify;
    if (onFault === null) {
      this.#faults = null;
      this.observers = [];
      return;
    }
    const source: UntoldFaults = new UntoldFaults({
      ...{ state, bootId: readBootId(), kept: this.#kept },
      keptAs: (faultId) => opened.ledger.keptAs(faultId),
      nowUs: () => clock.nowUs(),
      wallTimeOf: (atUs) => wallTimeOf(Date.now(), clock.nowUs() - atUs),
      messageOf: (fault, attempt, leftOut) => toldFault(config, fault, attempt, leftOut),
      wake: () => this.#faults?.wake(),
    });
    this.#faults = new Teller(
      { ...{ name: 'on-fault', command: onFault, source, clock, log }, runner: this.#runner },
      this.#knownTrouble('on-fault'),
    );
    this.observers = [{ name: 'telling', see: (effect) => source.see(effect) }];
  }

  get status(): readonly TellingStatus[] {
    return [this.#faults, this.#change, this.#heartbeats].flatMap((one) =>
      one === null ? [] : [{ command: one.name, ...one.status }],
    );
  }

  begin(sources: TellingSources): void {
    const { config, parts, opened, perform } = this.options;
    const { clock, log } = parts;
    const { onChange, heartbeat: beat } = config.notify;
    this.#sources = sources;
    if (onChange !== null) {
      const source = new UntoldChange({
        look: sources.look,
        nowUs: () => clock.nowUs(),
        toldBefore: standingFrom(opened.rows.facts[TOLD_STANDING]),
        messageOf: (about) => toldChange(config.name, about, sources.status()),
        keep: (told) => perform({ type: 'keepFact', name: TOLD_STANDING, value: JSON.stringify(told) }),
      });
      const teller = new Teller(
        { ...{ name: 'on-change', command: onChange, source, clock, log }, runner: this.#runner },
        this.#knownTrouble('on-change'),
      );
      this.#change = teller;
      const look = (): void => {
        source.look();
        teller.wake();
        this.#cancelLook = clock.alarm(clock.nowUs() + LOOK_EVERY_US, look);
      };
      look();
    }
    if (beat !== null) {
      this.#heartbeats = new Heartbeats(
        {
          ...{ ...beat, clock, log, runner: this.#runner, standsBecause: sources.standsBecause },
          message: () => heartbeat(config.name, sources.look(), sources.status().why),
        },
        this.#knownTrouble('heartbeat.command'),
      );
    }
    // Of an earlier life.
    this.#faults?.wake();
  }

  async test(): Promise<CommandOutcome> {
    if (this.#sources === null) return { refused: 'The gateway is starting.' };
    const tested = await testCommands(
      this.options.config,
      this.#sources.status(),
      new Date().toISOString(),
      this.#runner,
    );
    return testOutcome(tested);
  }

  close(): void {
    this.#cancelLook?.();
    this.#faults?.close();
    this.#change?.close();
    this.#heartbeats?.close();
    this.#kept.close();
    this.#runner.close();
  }

  #knownTrouble(key: string): string | null {
    return checkNotify(this.options.config).find((finding) => finding.key === key)?.message ?? null;
  }
}

/** Null: nothing, or nothing of this version, was told. */
function standingFrom(text: string | undefined): Standing | null {
  if (text === undefined) return null;
  try {
    const read = JSON.parse(text) as Partial<Standing>; // as an earlier life wrote it
    const { protected: isProtected, primary, stopped } = read;
    if (typeof isProtected !== 'boolean' || typeof primary !== 'string' || typeof stopped !== 'boolean') return null;
    return { protected: isProtected, primary, stopped };
  } catch {
    return null;
  }
}
