import type { PoweredBoard } from '../boards/powered-board.js';

type Name = 'a' | 'b';

/** RESET lines and the cut-off relay of a pair. They outlive the gateway; without the host's supply a latch alone holds. */
export class SimulatedHeldLines {
  /** Nothing reaches the actuator. */
  isCut = false;
  onChange: () => void = () => undefined;

  constructor(
    private readonly boards: Readonly<Record<Name, PoweredBoard>>,
    private readonly latched: string | null,
    private readonly hasCutOff: boolean,
  ) {}

  reset(board: string, held: boolean): void {
    const one = this.boards[board as Name];
    if (held) one.holdInReset();
    else one.releaseReset();
  }

  cutOff(cut: boolean): void {
    this.isCut = cut;
    this.onChange();
  }

  /** R13: the coil of the cut-off relay lets go, and so does every line that is no latch. */
  losePower(): void {
    for (const board of Object.values(this.boards)) if (board.id !== this.latched) board.releaseReset();
    if (this.hasCutOff) this.cutOff(true);
  }
}
