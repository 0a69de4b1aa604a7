import type { Config } from '../../config/config.js';
import { defaultOutputs } from './board-pins.js';

/** Outputs of a board that go over the relay. */
export function channelsOf({ relay, boards }: Config): number {
  const own = relay.pinsOf[boards[0].board];
  return Math.max(1, relay.pins.length, own?.length ?? 0);
}

/** Their pins on a board, by channel. */
export function outputsOf(config: Config): readonly string[] {
  return config.wiring.outputs ?? defaultOutputs(channelsOf(config));
}

/** The pin of one channel; the last one that is named where there are fewer. */
export function outputOf(config: Config, channel: number): string {
  const outputs = outputsOf(config);
  return outputs[channel] ?? outputs.at(-1) ?? 'D9';
}
