/** What an actuator saw from one moment on: the level that reached it, and from which life of which board. */
export interface Sight {
  readonly atUs: number;
  /** Null: the contact is open. */
  readonly board: string | null;
  readonly life: number;
  /** Null: the safe level, or nothing that drives. */
  readonly level: number | null;
}

interface Driver {
  readonly life: number;
  readonly level: number | null;
}

/** What hangs on the relay. It sees levels and nothing else; by its record promises are judged. */
export class SimulatedActuator {
  readonly seen: Sight[] = [];
  onSight: (sight: Sight) => void = () => undefined;

  /** Looks at what the contact connects; writes it down when it has changed. */
  look(atUs: number, board: string | null, driver: Driver | null): void {
    const last = this.seen[this.seen.length - 1];
    const level = driver?.level ?? null;
    const life = driver?.life ?? 0;
    if (last !== undefined && last.board === board && last.level === level && last.life === life) return;
    const sight = { atUs, board, life, level };
    this.seen.push(sight);
    this.onSight(sight);
  }
}
