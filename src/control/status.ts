import type { PortStatus } from './port-status.js';
import type { UpdateStatus } from './update-status.js';

/** What `copycat status` shows: a snapshot of a running gateway. */
export interface Status {
  readonly name: string;
  readonly phase: string;
  readonly protected: boolean;
  /** One sentence: why it is not protected, or `both boards agree`. */
  readonly why: string;
  /** What a person can do about it; null when nothing has to be done. */
  readonly next: NextStep | null;
  readonly primary: string;
  readonly epoch: number;
  /** The pair, and the third copy where there is one. */
  readonly boards: readonly BoardStatus[];
  /** A firmware update that is under way, or has failed; null: none. */
  readonly update: UpdateStatus | null;
  readonly relay: {
    readonly commanded: string;
    readonly proved: boolean;
    /** Absent from gateways before this was counted. */
    readonly wear?: RelayWear;
  };
  /** Said when the wiring cannot hold a locked-out board off without the gateway's power (R13). */
  readonly warnings: readonly string[];
  readonly ledger: {
    readonly path: string;
    readonly recordedToDisk: boolean;
    /** What is not recorded to disk, and why (R17); null: everything is. */
    readonly why: string | null;
    readonly waiting: number;
  };
  /** Absent where nothing is known of it: from gateways before this was counted, and those on emulated boards. */
  readonly log?: LogStatus;
  readonly inputs: {
    readonly pending: number;
    readonly answered: number;
    readonly refused: number;
    /** Seqs on which two boards have failed, oldest first: a person decides what becomes of them (R22). */
    readonly quarantined: readonly number[];
  };
  /** Of inputs over a network or a socket; absent where there are none, and from gateways before they were counted. */
  readonly clients?: ClientsStatus;
  readonly counters: Readonly<Record<string, number>>;
  readonly upMs: number;
}

/** Who is connected and gives inputs, and what was refused since the start. */
export interface ClientsStatus {
  readonly open: number;
  /** More are not taken at a time. */
  readonly most: number;
  /** All there were. */
  readonly connections: number;
  /** Not taken, because all the others were at work, or the system had none left. */
  readonly refused: number;
  /** Idle ones that were ended so that a new one could be taken. */
  readonly gaveWay: number;
  /** Ended because they did not read their answers. */
  readonly cutOff: number;
  /** Lines that are no request. */
  readonly badLines: number;
}

/** What of the log did not get to whoever reads it (R32). */
export interface LogStatus {
  readonly droppedLines: number;
  /** What keeps lines from getting there now; null: nothing. */
  readonly trouble: string | null;
}

/** How much the relay has moved in all its life, as the ledger has kept it. */
export interface RelayWear {
  readonly operations: number;
  /** relay.rated-operations: how many it is good for. */
  readonly ratedOperations: number;
  /** Since its feedback last showed a move from one board to the other; null: never. */
  readonly provedForMs: number | null;
  /** Tests by relay.prove-every that were due while the pair was not protected. */
  readonly skippedTests: number;
}

export interface NextStep {
  readonly text: string;
  /** Commands of Copycat that do it, without its own name: `inputs show 42`. */
  readonly commands: readonly string[];
}

/** On its way into the pair (R25). */
export interface JoiningStatus {
  readonly step: string;
  /** Progress of this step: bytes, inputs or comparisons; `of` 0: not counted. */
  readonly done: number;
  readonly of: number;
}

export interface BoardStatus {
  readonly board: string;
  readonly role: 'primary' | 'backup' | 'third copy' | 'joining' | 'locked out' | 'set aside' | 'kept out';
  readonly joining: JoiningStatus | null;
  /** Hash of the program it last said that it runs; null: it has said nothing yet. */
  readonly image: number | null;
  readonly link: string;
  /** Null: nothing is known of it, as of a third copy or before its first opening. */
  readonly port?: PortStatus | null;
  readonly session: number;
  /** Inputs it has not acted on yet. */
  readonly behind: number;
  readonly counters: Readonly<Record<string, number>>;
}
