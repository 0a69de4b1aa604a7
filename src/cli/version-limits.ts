import type { Finding } from '../config/check-config.js';
import type { Config } from '../config/config.js';

/** What is sound in a configuration and still cannot run, because this version has no part for it. */
export function versionLimits(config: Config): readonly Finding[] {
  const emulated = config.boards.filter(({ port }) => port.type === 'emulated');
  const [first, second] = config.boards;
  if (emulated.length === 1) {
    return [
      {
        severity: 'error',
        key: `boards.${second.board}.port`,
        message: `one board is emulated and the other is not: ${first.board} ${first.port.type}, ${second.board} ${second.port.type}`,
        remedy: 'use port: emulated for both, or for none',
      },
    ];
  }
  if (emulated.length === 2) return [];
  return [
    {
      severity: 'error',
      key: 'relay.pin',
      message: `this version has no driver for ${config.relay.pins.join(', ')} yet: it drives the relay of emulated boards only`,
      remedy: 'try the pair with port: emulated for both boards, as example.yaml does',
    },
  ];
}
