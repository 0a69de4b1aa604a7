import type { Field, SourceMap } from '../pair/result/fields.js';
import type { ListenAddress } from '../private-files/listen-at.js';
import type { LineSettings } from '../values/line-settings.js';
import type { NamedField, NamedOutput } from '../values/named-field.js';
import type { BoardFacts } from './board-facts.js';
import type { ProtocolConfig, RegisterRange } from './protocol-config.js';

/** The configuration as the program uses it: every default filled in, paths absolute, times in microseconds. */
export interface Config {
  readonly name: string;
  /** In the order of the file. */
  readonly boards: readonly [BoardConfig, BoardConfig];
  readonly relay: RelayConfig;
  /** Label of the chip that has the host's lines; null: the one that has lines of their names. */
  readonly gpioChip: string | null;
  readonly firmata: FirmataConfig | null;
  readonly alarm: AlarmConfig | null;
  readonly stop: StopConfig;
  readonly wiring: WiringConfig;
  readonly inputs: readonly InputConfig[];
  /** What the boards speak. */
  readonly protocol: ProtocolConfig;
  /** Board time plus wire time an input may take (R14); of boards that may take as long as they like a day, which nobody looks at. */
  readonly deadlineUs: number;
  /** An idle board is probed this long after its last sign of work (R16); 0: never. */
  readonly probeEveryUs: number;
  readonly maxPending: number;
  readonly maxLag: number;
  readonly maxWindow: number;
  readonly onMismatch: 'alarm' | 'switch' | 'stop';
  /** Asked of the boards when two results differ and nothing else tells (R19). */
  readonly selfTests: boolean;
  readonly commit: { readonly needs: 'primary' | 'both'; readonly ifAlone: 'go-on' | 'hold' };
  /** Null: two boards and no more. */
  readonly thirdCopy: ThirdCopyConfig | null;
  /** Longest time a takeover waits for the backup to catch up (R10). */
  readonly catchUpUs: number;
  readonly join: JoinConfig;
  readonly flapping: FlappingConfig;
  /** A planned switchover that has not drained by then is given up (R26). */
  readonly switchDrainUs: number;
  readonly ledger: LedgerConfig;
  /** Unix socket on which the command line reaches the running gateway. */
  readonly controlPath: string;
  readonly fields: NamedValues;
  /** What the boards read, in the order in which they report it (R21). */
  readonly sources: readonly SourceMap[];
  /** What the boards put out, in the order of cc_output; empty: nobody has named it. */
  readonly outputs: readonly NamedOutput[];
  /** outputs: none: the boards only measure and answer; no actuator hangs on them. */
  readonly switchesNothing: boolean;
  /** So many readings in a row must differ before it is a fault (R21). */
  readonly driftReadings: number;
  readonly notify: NotifyConfig;
  /** Null: the gateway starts none. */
  readonly console: ConsoleConfig | null;
}

/** Named values in payloads, for people; in results also for comparing and plausibility (R19, R20). */
export interface NamedValues {
  readonly input: readonly NamedField[];
  /** What a board remembers, as its digest and a transfer have it. */
  readonly state: readonly NamedField[];
  readonly result: readonly Field[];
}

export interface BoardConfig {
  readonly board: string;
  /** For people: `uno`, or what a file of the user's calls it. */
  readonly kind: string;
  /** What is known of its kind, which came along or is a file of the user's. */
  readonly facts: BoardFacts;
  /** The user's own file of it; absolute. Absent: the kind came along. */
  readonly kindFile?: string;
  readonly port: PortConfig;
  /** What has to be in the socket; null: whatever is there. */
  readonly match: PortMatch | null;
  /** Holds its RESET low while on (R13); null: not wired. */
  readonly reset: string | null;
  readonly line: LineSettings;
  /** Its port's driver turns an RS-485 transceiver around by RTS. */
  readonly rs485: boolean;
  /** Its address on its line; null: it is no Modbus slave. */
  readonly address: number | null;
  /** Image for an emulated board (or to flash); absolute. */
  readonly firmware: string | null;
}

/** The boards' image once more, in an emulator on the gateway's host (R19). */
export interface ThirdCopyConfig {
  readonly board: string;
  /** Absolute. */
  readonly image: string;
}

/**
 * `usb`: by the place where it is plugged in (`usb-1.2`), which does not depend on the order of plugging. `name`: in
 * /dev/serial/by-path, /dev/serial/by-id or /dev. `match`: wherever such a board is plugged in.
 */
export type PortConfig =
  | { readonly type: 'path'; readonly path: string }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'match' }
  | { readonly type: 'usb'; readonly place: string }
  | { readonly type: 'emulated' };

/** What USB says of a board; at least one of the three, in small letters. */
export interface PortMatch {
  readonly vendor: string | null;
  readonly product: string | null;
  readonly serial: string | null;
}

/** Relays that hang on lines. */
export const WIRED_RELAY_KINDS = ['changeover', 'two-relays', 'latching', 'mux'] as const;
export type WiredRelayKind = (typeof WIRED_RELAY_KINDS)[number];
/**
 * `emulated`: it exists only in the gateway, which moves it, waits for it and reads it back; nothing outside is switched.
 * `none`: there is no relay. RESET of both boards stands for it, or there is nothing to be switched (`Config.switchesNothing`).
 */
export type RelayKind = WiredRelayKind | 'emulated' | 'none';

/** Lines are `GPIO17`, `D7` (of the Firmata board) or `emulated`. */
export interface RelayConfig {
  readonly kind: RelayKind;
  /** Channels that move together: coils, or select lines. Empty where each board has lines of its own. */
  readonly pins: readonly string[];
  /** two-relays, latching: the lines that connect each board. Empty otherwise. */
  readonly pinsOf: Readonly<Record<string, readonly string[]>>;
  /** The board that the de-energised contact connects; null: none. */
  readonly atRest: string | null;
  /** Empty: a move cannot be proved. */
  readonly feedbacks: readonly string[];
  readonly feedbackActiveLow: boolean;
  readonly feedbackPull: 'none' | 'up' | 'down';
  readonly activeLow: boolean;
  /** latching: length of a pulse. */
  readonly pulseUs: number;
  /** two-relays: both are open for so long (break before make). */
  readonly gapUs: number;
  /** Null: not said; hold is wanted where it can be had. */
  readonly onGatewayDeath: 'hold' | 'release' | null;
  readonly deadMan: { readonly pin: string; readonly everyUs: number } | null;
  readonly ratedOperations: number;
  /** 0: never. */
  readonly proveEveryUs: number;
  /** A link that is lost so soon after the relay moved is waited for. */
  readonly disturbsForUs: number;
  /** From the command until the contact has surely stopped bouncing. */
  readonly settleUs: number;
  /** From the command until the contact has moved. */
  readonly operateUs: number;
  /** What keeps a locked-out board off the actuator when the gateway has no power (R13). */
  readonly holdOff: 'none' | 'latched-reset' | 'series-relay' | 'latching';
}

/** What no line shows: how things are wired. For the drawing and its checks alone. */
export interface WiringConfig {
  readonly host: 'pi-3' | 'pi-4' | 'pi-5' | 'pi-zero-2';
  /** Turned on at the host: their pins are taken. */
  readonly interfaces: readonly ('i2c' | 'spi' | 'serial' | 'one-wire')[];
  /** Between a line and a coil. */
  readonly relayModule: 'transistor' | 'opto-3v3' | 'opto-5v' | 'bare';
  readonly resetThrough: 'transistor' | 'wire';
  /** What the feedback contact connects. */
  readonly feedbackFrom: 'host' | '5v' | '5v-divided';
  /** Pins of the boards, one for each channel; null: not said. */
  readonly outputs: readonly string[] | null;
  readonly actuator: string;
  readonly sensor: 'none' | 'each' | 'shared';
  readonly sensorPin: string;
  readonly supply: 'shared' | 'separate';
  readonly commonGround: boolean;
}

/** A further board that runs StandardFirmata; `port` as for a board of the pair. */
export interface FirmataConfig {
  readonly port: PortConfig;
  readonly baudRate: number;
}

export interface AlarmConfig {
  readonly pin: string;
  readonly activeLow: boolean;
  readonly on: 'not-protected' | 'stopped';
}

/** What a stop of the pair does beyond granting no commits (R13). */
export type StopConfig =
  | { readonly means: 'firmware-only' }
  /** The relay of this line is energised while the pair may drive. */
  | { readonly means: 'cut-off'; readonly pin: string; readonly activeLow: boolean }
  /** Through the boards' RESET lines. */
  | { readonly means: 'reset-both' };

export type InputConfig =
  /** A contact: every edge is an input. */
  | { readonly type: 'button'; readonly pin: string }
  /** An analog pin of the Firmata board. */
  | { readonly type: 'sensor'; readonly pin: string; readonly everyUs: number }
  /** `controller`: johnny-five's name of the part, such as TMP36. */
  | { readonly type: 'thermometer'; readonly pin: string; readonly controller: string; readonly everyUs: number }
  | { readonly type: 'ticks'; readonly everyUs: number }
  /** Whoever may connect gives them. */
  | { readonly type: 'tcp'; readonly host: string; readonly port: number; readonly access: AccessConfig }
  /** `path` absolute. */
  | { readonly type: 'unix'; readonly path: string; readonly access: AccessConfig }
  /** What looks like a serial port. `path` absolute; owner and group by name or number, null: as the system makes it. */
  | {
      readonly type: 'pty';
      readonly path: string;
      readonly device: { readonly owner: string | null; readonly group: string | null; readonly mode: number };
      readonly access: AccessConfig;
    }
  /** A serial port of this host, at whose other end somebody asks. */
  | {
      readonly type: 'serial';
      readonly port: PortConfig;
      readonly line: LineSettings;
      readonly rs485: boolean;
      readonly access: AccessConfig;
    };

/** An input that somebody has to come to. */
export type ListeningInput = Extract<InputConfig, { access: AccessConfig }>;

/** How inputs are told from one another on a connection. */
export const FRAMINGS = ['json-lines', 'lines', 'modbus-rtu', 'modbus-tcp'] as const;
export type Framing = (typeof FRAMINGS)[number];

/** What a unit id of Modbus stands for. */
export const UNIT_USES = ['pair', 'broadcast', 'refused'] as const;
export type UnitUse = (typeof UNIT_USES)[number];

/** What Modbus masters may write: whatever a code writes, nothing, by these codes, or within these ranges. */
export type WritesConfig =
  | 'codes'
  | 'none'
  | { readonly codes: readonly number[] }
  | { readonly ranges: readonly RegisterRange[] };

/** Who may connect, and how they speak. */
export interface AccessConfig {
  readonly framing: Framing;
  /** Absolute; null: nobody is asked who it is. */
  readonly tokenFile: string | null;
  /** Addresses and networks that may connect; empty: all. */
  readonly allow: readonly string[];
  /** Modbus: unit ids that are served; all others are refused. */
  readonly units: ReadonlyMap<number, UnitUse>;
  /** Modbus; null: nobody has said it, and that is everything. */
  readonly writes: WritesConfig | null;
  /** Lines: who comes is given what a board says when it starts. */
  readonly greets: boolean;
}

/** Whoever can reach the address. */
export const OPEN_ACCESS: AccessConfig = {
  ...{ framing: 'json-lines', tokenFile: null, allow: [], units: new Map(), writes: null, greets: false },
};

/** How a board comes into the pair (R25). */
export interface JoinConfig {
  /** Clean comparisons before it counts as protecting the pair. */
  readonly comparisons: number;
  /** How long the primary may go without a pause before its inputs are held. */
  readonly patienceUs: number;
}

/** How faults of a board are counted, and what follows (R19, R25; src/pair/membership/fault-score.ts). */
export interface FlappingConfig {
  /** Above this score it is intermittent. */
  readonly limit: number;
  /** The half-life of the score. */
  readonly withinUs: number;
  /** Above this, counted with six times that half-life, it is permanent. */
  readonly permanent: number;
}

export interface LedgerConfig {
  readonly path: string;
  readonly durability: 'process' | 'power';
  readonly journalFolder: string;
  readonly keepInputs: number;
  readonly keepFaults: number;
}

/** A program and its arguments, which no shell reads. The program is a path from the root, or a name that PATH finds. */
export type CommandWords = readonly string[];

/** Commands that tell somebody what has happened, or that all goes on. Null: nobody is told. */
export interface NotifyConfig {
  readonly onFault: CommandWords | null;
  readonly onChange: CommandWords | null;
  readonly heartbeat: { readonly everyUs: number; readonly command: CommandWords } | null;
}

/** A console of this pair's own, in a process beside its gateway (docs/console.md). */
export interface ConsoleConfig {
  /** Paths absolute. */
  readonly listen: ListenAddress;
  readonly tokenFile: string | null;
  readonly tls: { readonly key: string; readonly cert: string } | null;
  /** Further names by which browsers come. */
  readonly hosts: readonly string[];
}
