import type { Logger } from 'pino';
import type { Clock } from '../../clock/clock.js';
import type { BoardConfig } from '../../config/config.js';
import type { PortStatus, PortTrouble } from '../../control/contract/port-status.js';
import { CopycatError } from '../../errors/copycat-error.js';
import type { Dialect } from '../../link/dialect.js';
import { type LocatedPort, locatePort } from '../../serial/ports/find-port.js';
import { HOST, type HostFolders } from '../../serial/ports/host-folders.js';
import { PortError } from '../../serial/ports/port-error.js';
import { takenBy } from '../../serial/ports/port-users.js';
import { whereTo } from '../../serial/ports/sysfs.js';
import { BoundedOpener } from '../../serial/session/bounded-opener.js';
import type { FreshPort } from '../../serial/session/fresh-port.js';
import { holdLines } from '../../serial/session/hold-lines.js';
import { OpeningTurns } from '../../serial/session/opening-turns.js';
import { switchOnRs485 } from '../../serial/session/rs485.js';
import { openSerialSession, type SerialSession } from '../../serial/session/serial-session.js';
import { tuneLatency } from '../../serial/session/tune-latency.js';
import { formatOf, type LineSettings } from '../../values/line-settings.js';
import { ChangeLog } from './change-log.js';
import { wishOf } from './open-serial-port.js';
import { PortRecord } from './port-record.js';

/** Twice what a board with a bootloader takes to answer; it has been asked three times by then. */
const HUNG_US = 6_000_000;
const POLL_US = 1_000_000;
/** A converter that makes a rate only roughly says which; a UART bears 2 % of each side. */
const BAUD_TOLERANCE = 0.02;
/** Who has a port is looked for in the files of every process: not at every try. */
const LOOK_FOR_USERS_US = 10_000_000;

export interface BoardPortsOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly host?: HostFolders;
  readonly openSession?: typeof openSerialSession;
}

/**
 * Opens the boards' ports, in turns where opening resets a board, and knows what is the matter with each. What changes is
 * logged once. A try may be made again and again, for ever: nothing is kept of one that failed but its reason.
 */
export class BoardPorts {
  readonly #records = new Map<string, PortRecord>();
  readonly #turns: OpeningTurns;
  readonly #opener: BoundedOpener;
  readonly #changes: ChangeLog;
  readonly #host: HostFolders;
  readonly #taken = new Map<string, { readonly untilUs: number; readonly error: PortError }>();

  constructor(private readonly options: BoardPortsOptions) {
    const { clock, host } = options;
    this.#host = host ?? HOST;
    this.#turns = new OpeningTurns(clock);
    this.#opener = new BoundedOpener(clock);
    this.#changes = new ChangeLog(clock);
  }

  /** Rejects with what is the matter, which `statusOf` and the log then tell too. */
  async open(board: BoardConfig, dialect: Dialect): Promise<SerialSession> {
    const record = this.#recordOf(board.board);
    try {
      const wish = wishOf(board);
      // Before it is looked for: while its turn is waited for it may get another name.
      const takesTurns = board.facts.uart.opensWithReset ?? true; // where it is not known it may be so
      if (takesTurns) await this.#turns.take(board.board);
      const located = await locatePort(wish, this.#host);
      const mayReset = takesTurns && located.info?.usb != null;
      if (!mayReset) this.#turns.settled(board.board);
      await this.#claim(board.board, record, located.path);
      const session = await this.#openLocated(board, dialect, located, record, mayReset);
      this.#opened(board.board, record, session, located);
      return session;
    } catch (error) {
      this.#turns.settled(board.board);
      record.claimed = null;
      const known = await this.#explained(error);
      this.#trouble(board.board, record, troubleOf(known));
      throw known;
    }
  }

  /** Null: nobody has asked for its port yet. */
  statusOf(board: string): PortStatus | null {
    return this.#records.get(board)?.status() ?? null;
  }

  /** Watches and says no more. What is open stays open: it belongs to whoever has asked for it. */
  close(): void {
    this.#changes.close();
    for (const record of this.#records.values()) record.cancelWatch?.();
  }

  #recordOf(board: string): PortRecord {
    const record = this.#records.get(board) ?? new PortRecord();
    this.#records.set(board, record);
    return record;
  }

  async #openLocated(
    board: BoardConfig,
    dialect: Dialect,
    { path, info }: LocatedPort,
    record: PortRecord,
    mayReset: boolean,
  ): Promise<SerialSession> {
    let hasReset = false;
    const prepare = async (port: FreshPort): Promise<void> => {
      await checkBaudRate(board.line.baudRate, port);
      if (board.rs485) await switchOnRs485(path, port.descriptor);
      if (info === null) return; // no hardware of this host's: there is nothing to set
      const lines = await holdLines(path);
      checkFormat(board.line, lines.format, path);
      const findings = await tuneLatency(info, port);
      record.latency = findings.map(({ text }) => text);
      const said = { board: board.board, port: path };
      const key = JSON.stringify([path, lines.refusal, record.latency]);
      this.#changes.changed(`settings of ${board.board}`, key, () => {
        this.options.log.info({ ...said, latency: record.latency }, `board ${board.board}: latency`);
        if (lines.refusal !== null) {
          const text = `board ${board.board}: DTR will drop when its port is closed (${lines.refusal})`;
          this.options.log.warn(said, text);
        }
      });
      if (mayReset && lines.wasHeld === false) {
        hasReset = true;
        const isKnown = board.facts.uart.opensWithReset !== undefined;
        const text = isKnown
          ? `board ${board.board}: opening its port has restarted it, unless its RESET is held up (DTR)`
          : `board ${board.board}: opening its port may have restarted it (DTR)`;
        const often = `${record.restarts++}`;
        this.#changes.changed(`restarts of ${board.board}`, often, () => this.options.log.info(said, text));
      }
    };
    const open = this.options.openSession ?? openSerialSession;
    if (mayReset) this.#turns.begin(board.board);
    const { maxFrameBytes, cut } = dialect;
    const options = { path, ...board.line, maxFrameBytes, cut, prepare };
    const session = await this.#opener.open(path, () => open(options));
    session.mayHaveReset = hasReset;
    return session;
  }

  /** Two names may lead to one port: whoever was first has it, and nobody shares it. */
  async #claim(board: string, record: PortRecord, path: string): Promise<void> {
    const device = (await whereTo(path)) ?? path;
    const [other] = [...this.#records].find(([name, { claimed }]) => name !== board && claimed === device) ?? [];
    if (other !== undefined) {
      throw new PortError('taken', `cannot open ${path}: board ${other} is there; both boards are given one port`, {
        value: path,
        expected: 'give each board a port of its own: copycat ports shows them',
      });
    }
    record.claimed = device;
  }

  #opened(board: string, record: PortRecord, session: SerialSession, { path, info }: LocatedPort): void {
    record.session = session;
    record.device = path;
    record.place = info?.usb?.place ?? null;
    record.askedSinceUs = null;
    // A hung device opens like any other: opened anew, it hangs until it is heard.
    if (record.trouble?.name !== 'hung') this.#trouble(board, record, null);
    const heard = session.frames.subscribe(() => {
      heard.unsubscribe();
      this.#turns.settled(board);
      record.cancelWatch?.();
      this.#trouble(board, record, null);
    });
    this.#watch(board, record, session);
    session.closed.then(
      () => {
        this.#turns.settled(board);
        if (record.session !== session) return;
        record.cancelWatch?.();
        record.session = null;
        record.claimed = null;
      },
      () => undefined, // it never rejects
    );
  }

  /** A hung device opens like any other: only that it was asked and not one byte came shows it. */
  #watch(board: string, record: PortRecord, session: SerialSession): void {
    const { clock } = this.options;
    record.cancelWatch?.();
    record.cancelWatch = clock.alarm(clock.nowUs() + POLL_US, () => {
      const { bytesIn, bytesOut } = session.counters;
      if (record.session !== session || bytesIn > 0) return;
      const nowUs = clock.nowUs();
      if (bytesOut > 0) record.askedSinceUs ??= nowUs;
      if (record.askedSinceUs !== null && nowUs - record.askedSinceUs >= HUNG_US) {
        this.#trouble(board, record, hung(record.device ?? 'its port'));
      }
      this.#watch(board, record, session);
    });
  }

  #trouble(board: string, record: PortRecord, trouble: PortTrouble | null): void {
    record.trouble = trouble;
    const { log } = this.options;
    const port = record.place ?? record.device;
    this.#changes.changed(`port of ${board}`, trouble?.text ?? 'open', (changes) => {
      const often = changes > 1 ? ` (${changes} changes in ten seconds)` : '';
      const said = { board, port, ...(changes > 1 ? { changes } : {}) };
      if (trouble === null) log.info(said, `board ${board}: its port is open${often}`);
      else {
        const { name, text, remedy } = trouble;
        log.warn({ ...said, condition: name, remedy }, `board ${board}: ${text}${often}; tried again for ever`);
      }
    });
  }

  /** Who it is that has a port. */
  async #explained(error: unknown): Promise<unknown> {
    // Without a cause it is our own refusal, which says it all.
    if (!(error instanceof PortError) || error.condition !== 'taken' || error.cause === undefined) return error;
    const path = String(error.value);
    const nowUs = this.options.clock.nowUs();
    const known = this.#taken.get(path);
    if (known !== undefined && nowUs < known.untilUs) return known.error;
    const { by, remedy } = await takenBy(path, this.#host);
    const message = `cannot open ${path}: ${by ?? 'another program'} has it open`;
    const named = new PortError('taken', message, { value: path, expected: remedy, cause: error });
    this.#taken.set(path, { untilUs: nowUs + LOOK_FOR_USERS_US, error: named });
    return named;
  }
}

async function checkBaudRate(wanted: number, port: FreshPort): Promise<void> {
  const actual = await port.actualBaudRate();
  if (actual === null || Math.abs(actual - wanted) <= wanted * BAUD_TOLERANCE) return;
  throw new PortError('baud-unsupported', `${port.path} does not make ${wanted} baud: it runs at ${actual}`, {
    value: port.path,
    expected:
      'use a baud rate that board and converter both make, in the sketch and in the configuration (docs/ports.md)',
  });
}

function checkFormat(wanted: LineSettings, actual: Omit<LineSettings, 'baudRate'> | null, path: string): void {
  if (actual === null || formatOf(actual) === formatOf(wanted)) return;
  throw new PortError('line-unsupported', `${path} does not do ${formatOf(wanted)}: it runs at ${formatOf(actual)}`, {
    value: path,
    expected:
      'use line settings that board and converter both do, in the sketch and in the configuration (docs/ports.md)',
  });
}

function hung(device: string): PortTrouble {
  return {
    name: 'hung',
    text: `${device} opens, but the board has not sent one byte`,
    remedy:
      'press its reset button; if that does not help pull its plug (a USB device that hangs needs its power taken away), and see that its firmware is the one that the configuration says, at these line settings',
  };
}

function troubleOf(error: unknown): PortTrouble {
  const text = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof CopycatError ? (error.expected ?? '') : '';
  return { name: error instanceof PortError ? error.condition : 'other', text, remedy };
}
