import type { BoardId } from '../../pair/result/messages.js';
import type { RegisterRange } from '../../protocol/modbus/function-codes.js';
import type { CodeTable } from '../../protocol/modbus/pdu-length.js';
import type { LineSettings } from '../../values/line-settings.js';

/** One slave on a line of its own. */
export interface ModbusSlave {
  /** 1 to 247. */
  readonly address: number;
  readonly line: LineSettings;
}

/** Where a number is: in one register or two, in each of them the high byte first. */
export interface RegisterPlace {
  readonly space: 'holding' | 'input';
  readonly address: number;
  readonly type: 'u16' | 'i16' | 'u32' | 'i32' | 'f32';
  /** Which of two registers comes first. */
  readonly wordOrder: 'high-first' | 'low-first';
}

/** A number in which two boards may differ. */
export interface RegisterTolerance extends RegisterPlace {
  readonly name: string;
  readonly unit: string;
  /** What one step is worth, in units. */
  readonly scale: number;
  /** By so much, in units. */
  readonly tolerance: number;
}

/** By which function a slave says who it is: 43/14, or 17. */
export type IdentityCode = 'device' | 'server-id';

/** Everything that the link to Modbus RTU slaves has to be told. Times in microseconds. */
export interface ModbusOptions {
  /** By board, at least one. A board that is not among them, as one that is asked outside of a pair, is spoken to as the first is. */
  readonly slaves: ReadonlyMap<BoardId, ModbusSlave>;
  /** From the end of a request to the begin of its answer a slave takes no longer: less than the core's deadline, so that a lost read can be asked again in time. */
  readonly answerTimeUs: number;
  /** So long after its end a broadcast counts as done. */
  readonly turnaroundUs: number;
  /** The gateway reads nothing of its own when nothing was asked for so long; null: three usual periods. */
  readonly upstreamSilenceUs: number | null;
  /** Asked at every join, and compared; null: nothing is asked. */
  readonly identity: IdentityCode | null;
  /** Lengths of function codes beyond those that are known. */
  readonly codes: CodeTable;
  /** Changed by being read: never asked a second time. */
  readonly clearOnRead: readonly RegisterRange[];
  /** Who is asked what is only read. `primary`: the other one gets no copies of that, and is compared by `watch` and by what is written. */
  readonly readFrom: 'both' | 'primary';
  /** Written twice they do harm: a write that is unanswered at a takeover waits for a person. */
  readonly pulse: readonly RegisterRange[];
  /** Not compared. */
  readonly ignore: readonly RegisterRange[];
  readonly tolerances: readonly RegisterTolerance[];
  /** Read of both boards by the gateway itself, and compared; none of them is cleared by it. */
  readonly watch: readonly RegisterRange[];
  /** They read back what was last written: a board where they do not, twice, is wrong. */
  readonly written: readonly RegisterRange[];
  /** A number that only a restart makes smaller. */
  readonly restartSign: RegisterPlace | null;
  /**
   * Where a slave is asked whether it is there: one address. Null: the first of `watch`, else the restart sign, else holding register 0.
   * What is compared while nothing else is asked is `watch` and the sign; where there are neither, it is this that is read, and not compared.
   */
  readonly probe: RegisterRange | null;
  /** Holding registers and coils that a board which joins is given as the primary has them, in this order. None: nothing is copied. */
  readonly joinCopy: readonly RegisterRange[];
}
