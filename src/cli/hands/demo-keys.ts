import { heaterSymbols } from '../../bench/stage/heater-image.js';

/** `NAME`: the board that a key is about. */
const ABOUT = 'NAME';
/** One step of duty: the second byte of the integrator. */
const FLIPPED = `0x${(heaterSymbols().integratorAddress + 1).toString(16)}.0`;

/** What each key types: small letters for the board that drives, capitals for the other one. */
const KEYS: Readonly<Record<string, string>> = {
  h: `halt ${ABOUT}`,
  r: `restart ${ABOUT}`,
  u: `unplug ${ABOUT}`,
  n: `noise ${ABOUT} 1%`,
  s: `slow ${ABOUT} 80ms`,
  f: `flip ${ABOUT} ${FLIPPED}`,
  t: `analog ${ABOUT} A0 512`,
  k: 'relay stuck',
  l: 'ledger slow 500ms',
  x: 'release',
  g: 'resume',
  i: 'status',
  w: 'what',
  q: 'quit',
};

export const LEGEND: readonly string[] = [
  'keys  h halt, r restart, u unplug, n noise, s slow, f flip a bit, t wrong temperature: who drives',
  '      (H R U N S F T: the other); k relay stuck, l ledger slow, x release; i status, w story, q end;',
  '      g go on (resume): two hands at once may have stopped the pair',
];

/** The words that a key stands for; null: it is none. */
export function wordsOfKey(key: string, driving: string, other: string): readonly string[] | null {
  const typed = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
  if (typed !== undefined) return typed.replace(ABOUT, driving).split(' ');
  const small = key.toLowerCase();
  const ofOther = Object.hasOwn(KEYS, small) ? KEYS[small] : undefined;
  return ofOther?.includes(ABOUT) === true ? ofOther.replace(ABOUT, other).split(' ') : null;
}
