import type { RelayConfig } from '../config.js';
import type { ConfigFile } from '../schema/config-schema.js';
import type { Complain } from '../schema/explain-issue.js';

/** A relay of no line, which the file names by one word. */
type UnwiredKind = Extract<RelayConfig['kind'], 'emulated' | 'none'>;

/** What stands in a data sheet, for a relay that has none: that of the emulated one is as quick as a real one. */
const EMULATED_TIMES = { operateUs: 10_000, settleUs: 30_000 };
const NO_TIMES = { operateUs: 0, settleUs: 0 };

/** `relay: emulated` and `relay: none`. */
export function unwiredRelay(kind: UnwiredKind): RelayConfig {
  return {
    kind,
    pins: [],
    pinsOf: {},
    atRest: null,
    feedbacks: [],
    feedbackActiveLow: false,
    feedbackPull: 'none',
    activeLow: false,
    pulseUs: 0,
    gapUs: 0,
    ...(kind === 'emulated' ? EMULATED_TIMES : NO_TIMES),
    holdOff: 'none',
    onGatewayDeath: null,
    deadMan: null,
    ratedOperations: 100_000,
    proveEveryUs: 0,
    // Nothing is switched that could disturb a link.
    disturbsForUs: 0,
  };
}

/**
 * R13: a hung board holds its pins. Without a relay RESET takes them away from it, or there is nothing that they could
 * move; else nothing keeps an old primary from acting.
 */
export function checkWithoutRelay(file: ConfigFile, complain: Complain): void {
  if (file.relay !== 'none' || file.outputs === 'none') return;
  const boards = Object.entries(file.boards);
  if (boards.every(([, { reset }]) => reset !== undefined && reset !== 'emulated')) return;
  const lines = boards.map(([board], index) => `boards.${board}.reset: GPIO${index === 0 ? 23 : 24}`).join(', ');
  complain(
    ['relay'],
    file.relay,
    `a relay, or the RESET lines of both boards (${lines}), or outputs: none where the boards only measure: without one of them nothing keeps an old primary from acting`,
  );
}
