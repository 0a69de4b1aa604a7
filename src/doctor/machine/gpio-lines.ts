import type { Config } from '../../config/config.js';

/** The Linux GPIO lines that a configuration needs, each once; none where the boards, and with them the relay, are emulated. */
export function linesOf(config: Config): readonly string[] {
  const { relay, alarm, stop, boards, inputs } = config;
  if (boards.some(({ port }) => port.type === 'emulated')) return [];
  const named = [
    ...relay.pins,
    ...Object.values(relay.pinsOf).flat(),
    ...relay.feedbacks,
    ...(relay.deadMan === null ? [] : [relay.deadMan.pin]),
    ...(alarm === null ? [] : [alarm.pin]),
    ...(stop.means === 'cut-off' ? [stop.pin] : []),
    ...boards.flatMap(({ reset }) => (reset === null ? [] : [reset])),
    ...inputs.flatMap((input) => (input.type === 'button' ? [input.pin] : [])),
  ];
  return [...new Set(named.filter((line) => /^GPIO\d+$/.test(line)))];
}
