import type { ToBoard } from '../../pair/result/messages.js';
import type { PairEffect } from '../../pair/state/effects.js';
import type { Command, PairEvent } from '../../pair/state/events.js';
import { type CopyName, THIRD } from '../boards/copy-name.js';
import { WrongStates } from '../boards/history-application.js';
import type { PoweredBoard } from '../boards/powered-board.js';
import type { SimulatedBoard } from '../boards/simulated-board.js';
import { type Sight, SimulatedActuator } from '../parts/actuator.js';
import { Cables } from '../parts/cables.js';
import { SimulatedHeldLines } from '../parts/held-lines.js';
import type { Lane } from '../parts/lane.js';
import { RelayContact } from '../parts/relay-contact.js';
import { type RelayReport, SimulatedRelayDriver } from '../parts/relay-driver.js';
import { SimulatedResetFence } from '../parts/reset-fence.js';
import { type ClientObserver, SimulatedClient } from '../parts/simulated-client.js';
import { type GatewayObserver, SimulatedGateway } from '../parts/simulated-gateway.js';
import type { SimulatedLink } from '../parts/simulated-link.js';
import { type LostTail, WorldLedger, type WrittenListener } from '../parts/world-ledger.js';
import { Schedule } from '../schedule.js';
import { SeededChoices } from '../seeded-choices.js';
import type { WorldOptions } from './world-options.js';

export type BoardName = 'a' | 'b';
export const BOARD_NAMES: readonly BoardName[] = ['a', 'b'];

/** Whoever watches a world from outside, whatever its boards are. */
export interface PairObserver extends ClientObserver, GatewayObserver {
  written: WrittenListener;
  sighted(sight: Sight): void;
  /** The ledger lost what was written to it last, and no host its power. */
  tailLost(): void;
  /** A life of the gateway begins with what the ledger told it. */
  restored(gateway: SimulatedGateway): void;
}

/** The way to a board: lanes, and what the gateway's side of them keeps. */
export interface WorldLink {
  /** The cable is in. */
  plugged: boolean;
  /** A gateway has the port open. */
  readonly isOpen: boolean;
  open(): void;
  close(): void;
  /** The gateway died with all it knew; what it sent is on its way. */
  forget(): void;
  unplug(): void;
  send(session: number, message: ToBoard): void;
  readonly toBoard: DisturbedLane;
  readonly fromBoard: DisturbedLane;
}

export type DisturbedLane = Pick<Lane<never>, 'disturb' | 'disturbed' | 'settle'>;

/** A world, whatever its boards are. */
export type AnyWorld = SimulatedWorld<PoweredBoard, WorldLink>;

/** What the boards of a world are, and how they are spoken with. */
export interface WorldKit<Board extends PoweredBoard, Link extends WorldLink> {
  board(world: SimulatedWorld<Board, Link>, name: CopyName): Board;
  link(world: SimulatedWorld<Board, Link>, name: CopyName): Link;
}

export interface ThirdCopy<Board, Link> {
  readonly board: Board;
  readonly link: Link;
}

export interface Disturbance {
  readonly boards: readonly BoardName[];
  readonly forUs: number;
}

/** A gateway that finds its ledger in trouble ends, and is started again so much later. */
const START_AGAIN_US = 50_000;
const RANDOM_STREAM = 2;
const LEDGER_STREAM = 7;

/** One pair in a world of its own: the real core, and around it everything it is joined to, simulated. */
export class SimulatedWorld<Board extends PoweredBoard = SimulatedBoard, Link extends WorldLink = SimulatedLink> {
  readonly schedule = new Schedule();
  readonly random: SeededChoices;
  readonly boards: Readonly<Record<BoardName, Board>>;
  readonly links: Readonly<Record<BoardName, Link>>;
  /** The emulated board in the gateway's own process; null: this pair has none. */
  readonly third: ThirdCopy<Board, Link> | null;
  readonly wrongStates = new WrongStates();
  readonly ledger: WorldLedger;
  readonly contact: RelayContact;
  readonly lines: SimulatedHeldLines;
  /** Which board is at which port. */
  readonly cables = new Cables();
  readonly actuator = new SimulatedActuator();
  /** The next move of the contact throws links off the bus. */
  disturbance: Disturbance | null = null;
  readonly client: SimulatedClient;
  gateway: SimulatedGateway | null = null;
  hasPower = true;
  /** A gateway that dies is started again after so long; null: not by itself. */
  restartsAfterUs: number | null = null;
  /** What a person asked for, by ref, and what came of it. */
  readonly commandAnswers = new Map<string, string | null>();
  #driver: SimulatedRelayDriver | SimulatedResetFence | null = null;
  readonly #lossNoticedAtUs = { a: 0, b: 0 };
  /** A gateway that stood still does not know yet that this port is to be opened anew. */
  readonly #lostWhileStill = { a: false, b: false };
  /** Nobody has opened this port since its cable is in. */
  readonly #neverOpened = { a: true, b: true };

  constructor(
    readonly options: WorldOptions,
    private readonly observer: PairObserver,
    kit: WorldKit<Board, Link>,
  ) {
    const { schedule } = this;
    const { seed, relay, config } = options;
    this.random = new SeededChoices(seed, RANDOM_STREAM);
    const [first] = config.boards;
    this.contact = new RelayContact(relay, first, schedule, this.random);
    this.contact.onChange = () => {
      if (this.contact.at !== null) this.#disturb();
      this.look();
      this.#driver?.contactChanged();
    };
    this.actuator.onSight = (sight) => observer.sighted(sight);
    const { boards } = config;
    const { durability } = options;
    this.ledger = new WorldLedger(
      { boards, durability },
      schedule,
      new SeededChoices(seed, LEDGER_STREAM),
      (...written) => observer.written(...written),
    );
    this.client = new SimulatedClient(
      options.clientAtOnce,
      schedule,
      (ref, payload) => this.dispatch({ type: 'inputArrived', ref, kind: 'input', payload }),
      observer,
    );
    this.boards = { a: kit.board(this, 'a'), b: kit.board(this, 'b') };
    this.lines = new SimulatedHeldLines(this.boards, config.latchedReset, config.stopMeans === 'cut-off');
    this.lines.onChange = () => this.look();
    this.links = { a: kit.link(this, 'a'), b: kit.link(this, 'b') };
    this.third = config.thirdCopy === null ? null : { board: kit.board(this, THIRD), link: kit.link(this, THIRD) };
    if (this.third !== null) this.third.link.plugged = false;
  }

  /** The copies there are. */
  get copies(): Board[] {
    const { a, b } = this.boards;
    return this.third === null ? [a, b] : [a, b, this.third.board];
  }

  /** Everything gets its power. */
  begin(): void {
    for (const name of BOARD_NAMES) this.boards[name].powerOn();
    this.startGateway();
  }

  startGateway(): void {
    if (!this.hasPower || this.gateway?.alive === true) return;
    const rows = this.ledger.open((answer) => this.dispatch(answer));
    if (rows === null) {
      this.schedule.after(START_AGAIN_US, () => this.startGateway());
      return;
    }
    const { options, schedule } = this;
    const gateway = new SimulatedGateway(
      options.config,
      rows,
      schedule,
      (effect) => this.#perform(effect),
      this.observer,
    );
    this.gateway = gateway;
    gateway.onDeath = () => this.#gatewayDied();
    this.observer.restored(gateway);
    const driver = this.#openDriver(rows.owner);
    this.#driver = driver;
    // R13: the first level comes from the lease; in the middle of a takeover the contact waits for the new primary (R10).
    if (rows.unfinishedTakeover === null || rows.stopped) driver.moveTo(rows.owner);
    gateway.dispatch({ type: 'started' });
    for (const name of BOARD_NAMES) this.#openLater(name);
    this.#startThird();
    this.#later(this.random.vary(5_000), () => this.client.connect());
  }

  #openDriver(first: string): SimulatedRelayDriver | SimulatedResetFence {
    const { options, schedule, contact } = this;
    const report = (said: RelayReport): void => this.dispatch(said);
    if (options.config.handover === 'reset') {
      contact.showAt(first);
      return new SimulatedResetFence(this.lines, schedule, report);
    }
    const { feedback, settleUs } = options.relay;
    return new SimulatedRelayDriver(first, { feedback, settleUs, retries: 2 }, contact, schedule, report);
  }

  killGateway(): void {
    this.gateway?.die();
  }

  /** The gateway is killed, with what was written to these files lately, and started again. */
  killAndLoseTail(which: LostTail): void {
    if (!this.hasPower) return;
    this.killGateway();
    this.ledger.killAndLose(which);
    this.observer.tailLost();
    this.startGateway();
  }

  unplug(name: BoardName, reason = 'pulled out'): void {
    const link = this.links[name];
    if (!link.plugged) return;
    link.unplug();
    this.#lostWhileStill[name] = this.gateway?.standsStill === true;
    const noticedAfterUs = this.random.between(0, 4_000);
    this.#lossNoticedAtUs[name] = this.schedule.nowUs + noticedAfterUs;
    this.#later(noticedAfterUs, () => {
      this.#lostWhileStill[name] ||= this.gateway?.standsStill === true;
      link.close();
      this.dispatch({ type: 'linkLost', board: name, reason });
    });
  }

  plug(name: BoardName): void {
    const link = this.links[name];
    if (link.plugged) return;
    link.plugged = true;
    this.#neverOpened[name] = true;
    this.#openLater(name);
  }

  /** Both cables are pulled out and change places; nothing is plugged in again yet. Boards without another supply start anew. */
  swapCables(): void {
    for (const name of BOARD_NAMES) this.unplug(name);
    this.cables.swap(this.schedule.nowUs);
    if (this.options.selfPowered) return;
    for (const name of BOARD_NAMES) this.boards[name].restart('powerOn');
  }

  /** Somebody looks which cable belongs where. */
  putCablesRight(): void {
    if (!this.cables.areSwapped) return;
    this.swapCables();
    for (const name of BOARD_NAMES) this.plug(name);
  }

  /** The third copy's thread ends; the gateway starts another one, whose memory is new. */
  endThird(againAfterUs: number): void {
    if (this.third === null || !this.third.link.plugged) return;
    this.#stopThird();
    this.dispatch({ type: 'linkLost', board: THIRD, reason: 'the third copy ended' });
    this.#later(againAfterUs, () => this.#startThird());
  }

  /** The host's supply fails: gateway and relay coil with it, and boards that hang on its USB ports. */
  losePower(): void {
    if (!this.hasPower) return;
    this.hasPower = false;
    this.killGateway();
    this.ledger.losePower();
    // RESET lines are let go below.
    if (this.options.config.handover === 'relay') this.contact.losePower();
    this.lines.losePower();
    if (!this.options.selfPowered) for (const name of BOARD_NAMES) this.boards[name].powerOff();
  }

  restorePower(): void {
    if (this.hasPower) return;
    this.hasPower = true;
    if (this.options.selfPowered) return;
    for (const name of BOARD_NAMES) this.boards[name].powerOn();
  }

  /** What was to go wrong next, and has not yet, does not. */
  calm(): void {
    this.contact.release();
    this.contact.slowerUs = 0;
    this.disturbance = null;
    this.restartsAfterUs = null;
    if (this.gateway !== null) this.gateway.effectsToLive = null;
    for (const copy of this.copies) copy.mend();
    for (const name of BOARD_NAMES) {
      this.links[name].toBoard.settle();
      this.links[name].fromBoard.settle();
    }
  }

  /** A person asks; the answer is in `commandAnswers`. */
  command(ref: string, command: Command): void {
    this.commandAnswers.set(ref, null);
    this.dispatch({ type: 'commandAsked', ref, ...command });
  }

  #linkOf(name: CopyName): Link | undefined {
    return name === THIRD ? this.third?.link : this.links[name];
  }

  /** The way from this board, at whichever port it is. */
  linkFrom(name: CopyName): Link | undefined {
    return this.#linkOf(name === THIRD ? THIRD : this.cables.portOf(name));
  }

  /** Its link is there once its program listens. */
  #startThird(): void {
    const { third } = this;
    if (third === null || third.link.plugged) return;
    third.board.powerOn();
    third.link.plugged = true;
    this.#later(this.random.between(25_000, 60_000), () => {
      if (third.link.isOpen || !third.link.plugged) return;
      third.link.open();
      this.dispatch({ type: 'linkOpened', board: THIRD });
    });
  }

  #stopThird(): void {
    if (this.third === null) return;
    this.third.link.unplug();
    this.third.link.forget();
    this.third.board.powerOff();
  }

  /** What the actuator hangs on may have changed. */
  look(): void {
    const at = this.lines.isCut ? null : this.contact.at;
    this.actuator.look(this.schedule.nowUs, at, at === 'a' || at === 'b' ? this.boards[at] : null);
  }

  /** The load that is switched throws the links of these boards off the bus. */
  #disturb(): void {
    const { disturbance } = this;
    if (disturbance === null) return;
    this.disturbance = null;
    for (const name of disturbance.boards) {
      this.unplug(name, 'disturbed');
      this.schedule.after(disturbance.forUs, () => this.plug(name));
    }
  }

  dispatch(event: PairEvent): void {
    // Both boards are at the actuator; whose pins count is the primary's to say, and the judge's what the other's do meanwhile.
    const isLeaseMoved = event.type === 'fenceRecorded' && this.gateway?.alive === true;
    if (isLeaseMoved && this.options.config.handover === 'reset') this.contact.showAt(event.owner);
    this.gateway?.dispatch(event);
  }

  #openLater(name: BoardName): void {
    // A port is opened anew only after its loss was noticed.
    const fromUs = Math.max(0, this.#lossNoticedAtUs[name] - this.schedule.nowUs);
    this.#later(fromUs + this.random.between(500, 8_000), () => {
      const link = this.links[name];
      if (!link.plugged || link.isOpen) return;
      if (this.#lostWhileStill[name] && this.gateway?.standsStill === true) return this.#openLater(name);
      this.#lostWhileStill[name] = false;
      const resets = this.options.opensWithReset && this.#neverOpened[name];
      this.#neverOpened[name] = false;
      if (resets) this.boards[this.cables.boardAt(name)].restart('external');
      link.open();
      this.dispatch({ type: 'linkOpened', board: name, resets });
    });
  }

  /** Only if this life of the gateway sees it. */
  #later(delayUs: number, run: () => void): void {
    const { gateway } = this;
    this.schedule.after(delayUs, () => {
      if (gateway?.alive === true && gateway === this.gateway) run();
    });
  }

  #gatewayDied(): void {
    this.#driver?.close();
    this.#driver = null;
    this.ledger.kill();
    this.client.disconnect();
    for (const name of BOARD_NAMES) this.links[name].forget();
    this.#stopThird();
    if (this.restartsAfterUs !== null && this.hasPower) {
      this.schedule.after(this.restartsAfterUs, () => this.startGateway());
      this.restartsAfterUs = null;
    }
    for (const [ref, answer] of this.commandAnswers) if (answer === null) this.commandAnswers.set(ref, 'gateway died');
  }

  #setReset(board: string, held: boolean): void {
    if (this.#driver instanceof SimulatedResetFence) this.#driver.reset(board, held);
    else this.lines.reset(board, held);
  }

  #perform(effect: PairEffect): void {
    switch (effect.type) {
      case 'send':
        return this.#linkOf(effect.board as CopyName)?.send(effect.session, effect.message);
      case 'moveRelay':
        return this.#driver?.moveTo(effect.to);
      case 'holdReset':
      case 'releaseReset':
        return this.#setReset(effect.board, effect.type === 'holdReset');
      case 'cutOff':
        return this.lines.cutOff(effect.cut);
      case 'passOn':
        return;
      case 'flashBoard':
      case 'convertState':
        throw new Error('the simulation updates nothing');
      case 'accepted':
        return this.client.accepted(effect.ref, effect.seq);
      case 'refuse':
        return this.client.refuse(effect.ref, effect.reason);
      case 'answer': {
        const { kind, ref, seq, bodies, repeat } = effect;
        if (kind === 'input' && this.client.answer(ref, seq, bodies, repeat))
          this.dispatch({ type: 'answerSent', seq });
        return;
      }
      case 'commandDone':
        this.commandAnswers.set(effect.ref, effect.outcome);
        return;
      case 'commandRefused':
        this.commandAnswers.set(effect.ref, `refused: ${effect.why}`);
        return;
      default:
        return this.ledger.submit(effect);
    }
  }
}
