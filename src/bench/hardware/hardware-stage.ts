import { setTimeout as pass } from 'node:timers/promises';
import type { Config } from '../../config/config.js';
import { type Gateway, startGateway } from '../../gateway/gateway.js';
import type { GatewayParts } from '../../gateway/parts.js';
import type { Lines } from '../../hardware/lines/lines.js';
import type { OutputLine } from '../../hardware/lines/output-line.js';
import { BenchClient } from '../bench-client.js';
import { PortControl } from './port-control.js';

export interface StageOptions {
  readonly inputs: number;
  readonly payload: Uint8Array;
  readonly everyUs: number;
  /** Left out: as long as a person would wait. */
  readonly protectWithinMs?: number | undefined;
}

type Role = 'primary' | 'backup';

const POLL_EVERY_MS = 50;
/** A board that restarts, a bootloader, a rest of an intermittent board: a person would wait as long. */
const PROTECTED_WITHIN_MS = 90_000;
const GATEWAY_AWAY_MS = 300;
/** Beyond a deadline a relay moves and the other board catches up; and short enough for a person who watches. */
const AWAY_AT_LEAST_MS = 1500;
const AWAY_BEYOND_DEADLINE_MS = 500;

/** A real pair, its gateway in this process, a client, and everything that can be done to the boards from here. */
export class HardwareStage {
  readonly client: BenchClient;
  readonly #ports: PortControl;
  readonly #parts: GatewayParts;
  readonly #resets = new Map<string, OutputLine>();
  #gateway: Gateway | null = null;
  /** When the fault struck, on the gateway's clock. */
  struckAtUs: number | null = null;

  constructor(
    readonly config: Config,
    parts: GatewayParts,
    private readonly options: StageOptions,
  ) {
    const { clock } = parts;
    this.#ports = new PortControl(parts.openSession);
    this.#parts = {
      ...parts,
      openSession: (board, dialect) => this.#ports.openSession(board, dialect),
      lines: thatStayOpen(parts.lines),
    };
    this.client = new BenchClient(
      { nowUs: () => clock.nowUs(), at: (atUs, ring) => clock.alarm(atUs, ring) },
      { inputs: options.inputs, inFlight: 1, paceUs: options.everyUs, nextPayload: () => options.payload },
    );
  }

  get gateway(): Gateway {
    if (this.#gateway === null) throw new Error('the gateway of the hardware bench does not run');
    return this.#gateway;
  }

  get primary(): string {
    return this.gateway.status().primary;
  }

  /** For so long a board is taken away: longer than anything that is to notice it. */
  get awayMs(): number {
    return Math.max(AWAY_AT_LEAST_MS, this.config.deadlineUs / 1000 + AWAY_BEYOND_DEADLINE_MS);
  }

  async startGateway(): Promise<void> {
    this.#gateway = await startGateway(this.config, this.#parts);
  }

  async connectClient(): Promise<void> {
    const address = this.gateway.addresses.find((one) => one.startsWith('tcp://')) ?? '';
    await this.client.connect(address);
  }

  /** False: not within the time that a person would wait, or it is stopped, which only a person ends. */
  async untilProtected(): Promise<boolean> {
    const isDecided = (): boolean => this.gateway.status().protected || this.isStopped;
    await this.until(isDecided, this.options.protectWithinMs ?? PROTECTED_WITHIN_MS);
    return this.gateway.status().protected;
  }

  get isStopped(): boolean {
    return this.gateway.status().phase === 'stopped';
  }

  async until(reached: () => boolean, withinMs: number): Promise<boolean> {
    const untilUs = this.#parts.clock.nowUs() + withinMs * 1000;
    while (!reached() && this.#parts.clock.nowUs() < untilUs) await pass(POLL_EVERY_MS);
    return reached();
  }

  async switchOver(): Promise<void> {
    await this.gateway.command({ command: 'switch' });
  }

  async restartGateway(): Promise<void> {
    this.client.disconnect();
    await this.gateway.close();
    await pass(GATEWAY_AWAY_MS);
    await this.startGateway();
    await this.connectClient();
  }

  async unplug(role: Role, forMs: number): Promise<void> {
    const board = this.#boardOf(role);
    this.#strikes();
    this.#ports.unplug(board);
    await pass(forMs);
    this.#ports.plug(board);
  }

  async unplugBoth(forMs: number): Promise<void> {
    this.#strikes();
    for (const { board } of this.config.boards) this.#ports.unplug(board);
    await pass(forMs);
    for (const { board } of this.config.boards) this.#ports.plug(board);
  }

  async reset(role: Role, forMs: number): Promise<void> {
    const line = await this.#resetOf(this.#boardOf(role));
    this.#strikes();
    line.set(true);
    await pass(forMs);
    line.set(false);
  }

  async close(): Promise<void> {
    this.client.disconnect();
    await this.#gateway?.close();
    this.#gateway = null;
  }

  #strikes(): void {
    this.struckAtUs = this.#parts.clock.nowUs();
  }

  #boardOf(role: Role): string {
    const { primary } = this;
    const [first, second] = this.config.boards;
    if (role === 'primary') return primary;
    return first.board === primary ? second.board : first.board;
  }

  async #resetOf(board: string): Promise<OutputLine> {
    const known = this.#resets.get(board);
    if (known !== undefined) return known;
    const name = this.config.boards.find((one) => one.board === board)?.reset;
    if (name == null) throw new Error(`the RESET of board ${board} is not wired`);
    const line = await this.#parts.lines.openOutput(name, { activeLow: false });
    this.#resets.set(board, line);
    return line;
  }
}

/** A gateway that ends lets go of its lines; the next one on this stage finds them as they are. */
function thatStayOpen(lines: Lines): Lines {
  return {
    openOutput: (line, options) => lines.openOutput(line, options),
    openInput: (line, options, hear) => lines.openInput(line, options, hear),
    boardOf: (line) => lines.boardOf(line),
    get trouble() {
      return lines.trouble;
    },
    close: () => undefined,
  };
}
