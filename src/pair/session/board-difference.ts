import type { BoardId, Hello } from '../result/messages.js';
import type { FaultDetail } from '../state/effects.js';
import { settingsText } from './other-settings.js';

/** R25: what two boards must have in common, before their answers are compared: program, settings, layout of the state. Null: they do, or one of them cannot tell. */
export function differenceOf(
  primary: Hello | null,
  joiner: Hello,
  boards: readonly [BoardId, BoardId],
): FaultDetail | null {
  if (primary === null || isOther(primary.imageHash, joiner.imageHash)) {
    const settings = settingsText(primary, joiner, boards);
    if (settings !== null) return { differs: 'a setting', differences: settings };
    return { differs: 'firmware', primaryImage: primary?.imageHash ?? null, boardImage: joiner.imageHash };
  }
  if (primary.stateLayout !== joiner.stateLayout || primary.stateBytes !== joiner.stateBytes) {
    return { differs: 'layout of the state', primaryBytes: primary.stateBytes, boardBytes: joiner.stateBytes };
  }
  return null;
}

function isOther(one: number | null, another: number | null): boolean {
  return one !== null && another !== null && one !== another;
}
