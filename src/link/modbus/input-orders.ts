import type { Seq, ToBoard } from '../../pair/result/messages.js';
import type { ModbusOptions } from './modbus-options.js';
import { mayRepeat, watchRequests } from './modbus-wire.js';
import type { UpstreamLife } from './upstream-life.js';
import { InputWork } from './work/input-work.js';

type Input = Extract<ToBoard, { kind: 'input' }>;

/** What the core's inputs ask of a slave: the request of a master, or what the gateway reads by itself (R16). */
export class InputOrders {
  readonly #watched: readonly Uint8Array[];

  /** @param question asked where nothing is watched */
  constructor(
    private readonly options: ModbusOptions,
    private readonly upstream: UpstreamLife,
    private readonly question: Uint8Array,
  ) {
    this.#watched = watchRequests(options);
  }

  /** R31: it only asks, as far as anybody has said. */
  mayBeRepeated({ probe, payload }: Input): boolean {
    const { codes, clearOnRead } = this.options;
    return probe || mayRepeat(payload, codes, clearOnRead);
  }

  workOf({ seq, probe, payload }: Input, session: number, atUs: number): InputWork {
    const { codes, ignore } = this.options;
    return new InputWork({
      ...{ session, seq, ignore, codes },
      requests: probe ? this.#probeRequests(seq, atUs) : [payload.slice(1)],
      isBroadcast: !probe && payload[0] === 0,
      isCompared: !probe || this.#watched.length > 0,
    });
  }

  /** None while nobody asks upstream. */
  #probeRequests(seq: Seq, atUs: number): readonly Uint8Array[] {
    if (!this.upstream.isReadFor(seq, atUs)) return [];
    return this.#watched.length > 0 ? this.#watched : [this.question];
  }
}
