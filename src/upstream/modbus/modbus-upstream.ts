import type { Clock } from '../../clock/clock.js';
import type { RefusalReason } from '../../pair/state/effects.js';
import { exceptionTo } from '../../protocol/modbus/answer.js';
import { EXCEPTION } from '../../protocol/modbus/function-codes.js';
import { type CodeTable, NO_CODES } from '../../protocol/modbus/pdu-length.js';
import { parseRequest } from '../../protocol/modbus/request.js';
import { encodeRtu } from '../../protocol/modbus/rtu-frame.js';
import type { LineSettings } from '../../values/line-settings.js';
import type { ClientCounts } from '../client-counts.js';
import { AskedInputs } from '../clients/asked-inputs.js';
import type { ClientConnection } from '../clients/client-connection.js';
import { ClientSet } from '../clients/client-set.js';
import type { IntakeTurns } from '../intake-turns.js';
import type { Transport } from '../transport/transport.js';
import type { Upstream } from '../upstream.js';
import { isRead, type WritesAllowed, writeRefusal } from './allowed-writes.js';
import { encodeMbap, MbapCutter } from './mbap-cutter.js';
import { REFUSALS } from './modbus-refusals.js';
import type { Cut, ModbusRequest } from './modbus-request.js';
import { RtuCutter } from './rtu-cutter.js';
import type { ServedUnits } from './served-units.js';

export interface ModbusUpstreamOptions {
  readonly transport: Transport;
  readonly framing: 'modbus-tcp' | 'modbus-rtu';
  readonly units: ServedUnits;
  readonly writes: WritesAllowed;
  /** Lengths of functions that are not known by themselves. */
  readonly codes?: CodeTable;
  /** On a line there is no transaction id: an answer that comes later than this is withheld. Default 400 ms. */
  readonly answerWithinUs?: number;
  /** Of a serial port; null: there is no wire. */
  readonly line?: LineSettings | null;
  /** RTU over a socket: a hang-up is noticed while requests wait only by reading on. */
  readonly readsAhead?: boolean;
  readonly maxConnections?: number;
  readonly clock: Clock;
  /** How many inputs may be in work, those of lost connections and of other upstreams too. */
  readonly turns: IntakeTurns;
  /** Never the same twice: refs are named once for ever (R23). */
  readonly runId: string;
}

type Master = ClientConnection<Cut>;

/** What is asked, for its answer. */
interface AskedRequest {
  /** As it was asked last: a retry has a transaction of its own. */
  request: ModbusRequest;
  askedAtUs: number;
  /** Its master has asked something else since, where an answer does not say what it answers. */
  isOvertaken: boolean;
}

const SOURCE = 'modbus';
const DEFAULT_ANSWER_WITHIN_US = 400_000;
/** A thousand answers: a master that does not read so many is not there any more. */
const MAX_UNREAD_BYTES = 262_144;

export function createModbusUpstream(options: ModbusUpstreamOptions): ModbusUpstream {
  return new ModbusUpstream(options);
}

/**
 * Modbus masters, over TCP or as on a line (RTU). An input's payload is the unit and the PDU (unit 0: a broadcast), its answer the PDU.
 * A request that stands unanswered and is asked again on the same connection is one input with one answer; after the answer it is a new one.
 */
export class ModbusUpstream implements Upstream {
  readonly source = SOURCE;
  readonly #masters: ClientSet<Cut>;
  readonly #asked: AskedInputs<Cut, AskedRequest>;
  readonly arrivals;
  readonly #rtuCutters = new WeakMap<Master, RtuCutter>();
  readonly #isTcp: boolean;
  readonly #answerWithinUs: number;
  readonly #codes: CodeTable;

  constructor(private readonly options: ModbusUpstreamOptions) {
    const { transport, clock, turns, runId, maxConnections = 64 } = options;
    this.#isTcp = options.framing === 'modbus-tcp';
    this.#answerWithinUs = options.answerWithinUs ?? DEFAULT_ANSWER_WITHIN_US;
    this.#codes = options.codes ?? NO_CODES;
    this.#asked = new AskedInputs(SOURCE, runId, turns);
    this.arrivals = this.#asked.arrivals;
    this.#masters = new ClientSet<Cut>({
      ...{ transport, clock, turns, maxConnections, maxUnreadBytes: MAX_UNREAD_BYTES },
      newCutter: () => (this.#isTcp ? new MbapCutter() : this.#newRtuCutter()),
      events: {
        came: (master, cutter) => {
          if (cutter instanceof RtuCutter) this.#rtuCutters.set(master, cutter);
        },
        request: (master, cut) => this.#take(master, cut),
        // There is no word for either: the connection ends, and the master connects again.
        tooMany: () => undefined,
        gaveWay: () => undefined,
        gone: (master) => this.#asked.gone(master),
      },
    });
  }

  get clients(): ClientCounts {
    return this.#masters.summary;
  }

  async start(): Promise<readonly string[]> {
    return [`${await this.#masters.open()} (${this.options.framing})`];
  }

  async close(): Promise<void> {
    await this.#masters.close();
    this.options.turns.close();
    this.#asked.close();
  }

  pauseIntake(): void {
    this.#masters.pause();
  }

  resumeIntake(): void {
    this.#masters.resume();
  }

  accepted(): void {
    // Modbus has no word for it.
  }

  /** True always: a master that has gone never asks for this answer again. */
  isOwn(ref: string): boolean {
    return ref.startsWith(`${SOURCE}:${this.options.runId}:`);
  }

  answer(ref: string, bodies: readonly Uint8Array[]): boolean {
    this.#asked.settle(ref, (master, asked) => {
      const [pdu] = bodies;
      // A broadcast is answered by nobody.
      if (pdu === undefined || pdu.length === 0 || this.#isBroadcast(asked.request)) return;
      this.#sayInTime(master, asked, pdu);
    });
    this.options.turns.pairHasRoom();
    return true;
  }

  refuse(ref: string, reason: RefusalReason): void {
    const { turns } = this.options;
    if (reason === 'full') turns.pairIsFull();
    this.#masters.counts.refusedInputs++;
    this.#asked.settle(ref, (master, asked) => {
      const exception = REFUSALS[reason];
      if (exception === null || this.#isBroadcast(asked.request)) return;
      this.#sayInTime(master, asked, exceptionTo(asked.request.pdu[0] ?? 0, exception));
    });
    turns.give();
  }

  #newRtuCutter(): RtuCutter {
    const { clock, units, line = null, readsAhead = false } = this.options;
    return new RtuCutter({
      ...{ clock, line, readsAhead, codes: this.#codes },
      isServed: (unit) => units.use(unit) !== 'refused',
    });
  }

  #take(master: Master, cut: Cut): void {
    const { counts } = this.#masters;
    counts.lines++;
    if (cut === 'not-modbus') {
      counts.badLines++;
      return master.leave();
    }
    const refusal = this.#refusalOf(cut);
    if (refusal !== null) {
      counts.badLines++;
      master.broughtNothing();
      if (!this.#isBroadcast(cut)) this.#say(master, cut, exceptionTo(cut.pdu[0] ?? 0, refusal));
      return;
    }
    if (!this.#isRetry(master, cut)) this.#ask(master, cut);
  }

  /** The exception with which a request is refused before any board has seen it: what no slave understands, silence would answer. */
  #refusalOf(request: ModbusRequest): number | null {
    const { units, writes } = this.options;
    if (units.use(request.unit) === 'refused') return EXCEPTION.gatewayPathUnavailable;
    const parsed = parseRequest(request.pdu, this.#codes);
    if ('exception' in parsed) return parsed.exception;
    // Nobody answers a broadcast, so that reading by it is a mistake.
    if (this.#isBroadcast(request) && isRead(parsed.code)) return EXCEPTION.illegalFunction;
    return writeRefusal(writes, parsed);
  }

  #isBroadcast({ unit }: ModbusRequest): boolean {
    return this.options.units.use(unit) === 'broadcast';
  }

  /** Asked again while it is in work: done once, and answered under the number it was given last. */
  #isRetry(master: Master, request: ModbusRequest): boolean {
    for (const { detail } of this.#asked.of(master)) {
      if (!isSame(detail.request, request)) continue;
      this.#masters.counts.askedAgain++;
      master.broughtNothing();
      detail.request = request;
      detail.askedAtUs = this.#timeOf(request);
      detail.isOvertaken = false;
      this.#overtakeOthers(master, detail);
      return true;
    }
    return false;
  }

  #ask(master: Master, request: ModbusRequest): void {
    this.#overtakeOthers(master, null);
    const payload = Uint8Array.of(this.options.units.inPayload(request.unit), ...request.pdu);
    this.#asked.ask(master, payload, { request, askedAtUs: this.#timeOf(request), isOvertaken: false });
  }

  /** What waited for its turn here has taken its master's time all the same. */
  #timeOf({ heardAtUs }: ModbusRequest): number {
    return heardAtUs ?? this.options.clock.nowUs();
  }

  /** On a line a master asks one thing at a time: who asks the next has given up the last, and would take its answer for the next one's. */
  #overtakeOthers(master: Master, newest: AskedRequest | null): void {
    if (this.#isTcp) return;
    for (const { detail } of this.#asked.of(master)) if (detail !== newest) detail.isOvertaken = true;
  }

  #sayInTime(master: Master, { request, askedAtUs, isOvertaken }: AskedRequest, pdu: Uint8Array): void {
    const isLate = this.options.clock.nowUs() - askedAtUs > this.#answerWithinUs;
    if (!this.#isTcp && (isOvertaken || isLate || master.hasRequest)) this.#masters.counts.withheldAnswers++;
    else this.#say(master, request, pdu);
  }

  #say(master: Master, request: ModbusRequest, pdu: Uint8Array): void {
    if (this.#isTcp) {
      master.send(encodeMbap(request, pdu));
      return;
    }
    const frame = encodeRtu({ address: request.unit, pdu });
    this.#rtuCutters.get(master)?.sent(frame);
    master.send(frame);
  }
}

function isSame(one: ModbusRequest, other: ModbusRequest): boolean {
  return one.unit === other.unit && Buffer.compare(one.pdu, other.pdu) === 0;
}
