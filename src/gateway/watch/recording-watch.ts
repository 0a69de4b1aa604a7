import type { FileStandby, LedgerHealth } from '../../ledger/ledger.js';
import type { PairEvent } from '../../pair/state/events.js';

/** R17: tells the core when a file of the ledger is not written any more, and when it is again. */
export class RecordingWatch {
  #lost: readonly FileStandby[] = [];

  constructor(
    private readonly durability: 'process' | 'power',
    private readonly dispatch: (event: PairEvent) => void,
  ) {}

  changed({ standby }: LedgerHealth): void {
    const before = this.#lost;
    this.#lost = standby;
    for (const { file, path, code, message } of standby) {
      if (before.some((lost) => lost.file === file)) continue;
      this.dispatch({ type: 'recordingLost', file, path, cause: code, said: message, durability: this.durability });
    }
    for (const { file, droppedInputs, droppedFaults } of before) {
      if (standby.some((lost) => lost.file === file)) continue;
      this.dispatch({ type: 'recordedAgain', file, droppedInputs, droppedFaults });
    }
  }
}
