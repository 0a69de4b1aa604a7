import type { Config } from '../../config/config.js';
import type { Status } from '../../control/contract/status.js';
import { type DeadMan, openDeadMan } from '../../hardware/lines/dead-man.js';
import { type HeldLines, openHeldLines } from '../../hardware/lines/held-lines.js';
import type { PairState } from '../../pair/state/pair-state.js';
import { isProtected } from '../../pair/state/roles.js';
import type { GatewayParts } from '../parts.js';
import { ProgressWatch } from './progress-watch.js';

/** A link that shows no sign of work for so long (and two probes) stands still: the relay's supply goes. */
const LINK_STILL_US = 2_000_000;
const OUT_STILL_US = 300_000_000;
/** What is known of progress is asked for so often; edges in between rest on it. */
const POLL_EVERY_US = 250_000;

type SafetyParts = Pick<GatewayParts, 'lines' | 'clock' | 'log'>;

/** The lines beside the relay's: RESET, cut-off and alarm, and the dead-man drive. */
export class SafetyLines {
  private constructor(
    private readonly config: Config,
    private readonly parts: SafetyParts,
    private readonly held: HeldLines,
    private readonly deadMan: DeadMan | null,
  ) {}

  /** Touches no line but the dead-man drive's, which stands. Rejects with RELAY_UNAVAILABLE. */
  static async open(config: Config, parts: SafetyParts): Promise<SafetyLines> {
    const { log, lines, clock } = parts;
    const resets = config.boards.flatMap(({ board, reset }) => (reset === null ? [] : [[board, reset] as const]));
    const held = await openHeldLines({
      ...{ lines, clock },
      resets: Object.fromEntries(resets),
      cutOff: config.stop.means === 'cut-off' ? config.stop : null,
      alarm: config.alarm,
      onTrouble: (name, trouble) => {
        if (trouble === null) log.info(`${name}: as it is wanted again`);
        else log.error(trouble);
      },
    });
    const { deadMan } = config.relay;
    if (deadMan === null) return new SafetyLines(config, parts, held, null);
    const drive = await openDeadMan({
      ...{ lines, clock },
      ...deadMan,
      onStandstill: (why) => {
        if (why === null) log.info('the dead-man drive moves again');
        else log.error({ why }, "the dead-man drive stands still: the relay's supply goes");
      },
    });
    return new SafetyLines(config, parts, held, drive);
  }

  holdReset(board: string, held: boolean): void {
    this.held.holdReset(board, held);
  }

  isHeld(board: string): ReturnType<HeldLines['isHeld']> {
    return this.held.isHeld(board);
  }

  cutOff(cut: boolean): void {
    this.held.cutOff(cut);
  }

  /** After every step of the core: the alarm is what the pair is. */
  follow(state: PairState): void {
    const { alarm } = this.config;
    if (alarm !== null) this.held.alarm(alarm.on === 'stopped' ? state.phase === 'stopped' : !isProtected(state));
  }

  /** Once the gateway can say how it is. */
  beginDeadMan(status: () => Status): void {
    const { probeEveryUs } = this.config;
    const { clock } = this.parts;
    const isProbing = probeEveryUs > 0;
    const watch = new ProgressWatch({ linkUs: LINK_STILL_US + 2 * probeEveryUs, outUs: OUT_STILL_US, isProbing });
    let lookedAtUs = Number.NEGATIVE_INFINITY;
    let still: string | null = null;
    this.deadMan?.begin(() => {
      const nowUs = clock.nowUs();
      if (nowUs - lookedAtUs < POLL_EVERY_US) return still;
      lookedAtUs = nowUs;
      still = watch.look(status(), nowUs);
      return still;
    });
  }

  /** What a person should know, in sentences. */
  get trouble(): readonly string[] {
    const still = this.deadMan?.standsBecause ?? null;
    return [...this.held.trouble, ...(still === null ? [] : [`the dead-man drive stands still: ${still}`])];
  }

  close(): void {
    this.deadMan?.close();
    this.held.close();
  }
}
