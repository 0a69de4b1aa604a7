import type { GatewayProcess } from './gateway-channel.js';

/** How the time of a bench goes on: at the wall clock's pace, or as fast as it can be emulated. */
export type PaceName = 'virtual' | 'real-time';

/** What a pace moves on. */
export interface SteppedWorld {
  nowUs(): number;
  /** Runs to `untilUs`, or until the pace says that it must stop. */
  step(untilUs: number): void;
}

/** Moves a world's time, and ties it to a gateway in another process. */
export interface Pace {
  /** True while a gateway runs whose acknowledgements bind the time. */
  readonly isBound: boolean;
  /** The time the world may reach at most. */
  readonly limitUs: number;
  /** True when a step is to end before its time: somebody else has to act first. */
  readonly mustStop: boolean;
  /** Emulated time given up because the machine was too slow. */
  readonly slippedUs: number;
  /** Wall time spent waiting for the gateway. */
  readonly waitedUs: number;
  readonly counters: { readonly slices: number; readonly ticks: number; readonly acks: number };
  /** The gateway drives an output line. */
  onLine: (line: string, value: 0 | 1) => void;
  /** The gateway's side of the bench runs, and hears of lines from now on. */
  onReady: () => void;
  /** The time cannot go on, and will not by itself. */
  onStuck: (error: Error) => void;
  start(): void;
  stop(): void;
  attach(gateway: GatewayProcess): void;
  detach(): void;
  /** The gateway is told the level of an input line. */
  setInput(line: string, value: 0 | 1): void;
  /** An alarm of somebody outside the world has rung: what waits for it runs before time goes on. */
  rang(): void;
  /** Time stands still until the function that comes back is called; counted. */
  hold(): () => void;
  /** Somebody waits for this moment, gateway or not. */
  wait(untilUs: number): void;
  /** The gateway was told something beside the time: it may have to do something now. */
  nudge(): void;
  /** A step has ended. */
  stepped(nowUs: number): void;
  /** Resolves when the gateway has nothing to do at this moment. */
  quiet(): Promise<void>;
}
