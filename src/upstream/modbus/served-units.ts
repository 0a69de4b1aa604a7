/** What a unit id stands for: the pair; every slave there is, without an answer; nothing that is served here. */
export type UnitUse = 'pair' | 'broadcast' | 'refused';

/** The pair, in payloads, where a master means it by 0: there 0 is the broadcast. */
const DEVICE_ITSELF = 255;

/** Which unit ids are the pair. 0 and 255 mean different things to different masters, so nothing is taken for granted. */
export class ServedUnits {
  constructor(private readonly uses: ReadonlyMap<number, UnitUse>) {}

  use(unit: number): UnitUse {
    return this.uses.get(unit) ?? 'refused';
  }

  /** The first byte of an input's payload: 0 for a broadcast, any other for the pair. */
  inPayload(unit: number): number {
    if (this.use(unit) === 'broadcast') return 0;
    return unit === 0 ? DEVICE_ITSELF : unit;
  }
}
