import type { Config } from '../../config/config.js';
import { defaultOutputs } from './board-pins.js';

/** Whether there is a relay outside. */
export function hasRelay({ relay }: Config): boolean {
  return relay.kind !== 'emulated' && relay.kind !== 'none';
}

/** Whether the outputs of the boards lead to an actuator: an emulated relay connects none, and boards that only measure have none. */
export function drivesLoad({ relay, switchesNothing }: Config): boolean {
  return relay.kind !== 'emulated' && !switchesNothing;
}

/** Outputs of a board that go to the actuator, over the relay where there is one. */
export function channelsOf(config: Config): number {
  const { relay, boards, wiring } = config;
  if (!drivesLoad(config)) return 0;
  if (!hasRelay(config)) return wiring.outputs?.length ?? 1;
  const own = relay.pinsOf[boards[0].board];
  return Math.max(1, relay.pins.length, own?.length ?? 0);
}

/** Their pins on a board, by channel. */
export function outputsOf(config: Config): readonly string[] {
  if (!drivesLoad(config)) return [];
  return config.wiring.outputs ?? defaultOutputs(channelsOf(config));
}

/** The pin of one channel; the last one that is named where there are fewer. */
export function outputOf(config: Config, channel: number): string {
  const outputs = outputsOf(config);
  return outputs[channel] ?? outputs.at(-1) ?? 'D9';
}
