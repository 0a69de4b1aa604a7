import type { HandDone } from '../../control/contract/hand.js';

/** `a halted → b drives after 51 ms, copycat faults show 3 (a does not answer)`; `showFault`: what is typed before its number, and behind. */
export function handText(done: HandDone, showFault: { readonly command: string; readonly option: string }): string {
  const { did, noticed } = done;
  const faults = noticed.map(({ fault, what }) => `${showFault.command} ${fault}${showFault.option} (${what})`);
  return `${did} → ${[drivesText(done), ...standsText(done), ...faults, ...endText(done)].join(', ')}`;
}

function drivesText({ drives, tookOverAfterMs }: HandDone): string {
  if (drives === null) return 'nobody drives';
  return tookOverAfterMs === null ? `${drives} drives on` : `${drives} drives after ${timeText(tookOverAfterMs)}`;
}

/** Of a hand after which a pair comes back, whether it did. */
function standsText({ protected: isProtected, heals, why, watchedMs, isCutShort }: HandDone): readonly string[] {
  if (!heals || isCutShort) return [];
  if (isProtected === true) return [`protected after ${timeText(watchedMs)}`];
  return [`not protected after ${timeText(watchedMs)}${why === '' ? '' : `: ${why}`}`];
}

function endText({ noticed, heals, watchedMs, isCutShort }: HandDone): readonly string[] {
  if (isCutShort) return ['then came another hand'];
  return noticed.length === 0 && !heals ? [`nothing noticed within ${timeText(watchedMs)}`] : [];
}

function timeText(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
