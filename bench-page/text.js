/** Numbers and times as the page writes them. */

const UNITS = /** @type {const} */ ([
  [1e6, 's'],
  [1e3, 'ms'],
  [1, 'µs'],
]);

/**
 * `1.2 s`, `46.2 ms`, `250 µs`: with as many decimals as tell it from its neighbour, `stepUs` away.
 * @param {number} us
 * @param {number} [stepUs]
 */
export function timeText(us, stepUs = Math.abs(us) / 100) {
  const size = Math.max(Math.abs(us), stepUs);
  const [per, unit] = UNITS.find(([one]) => size >= one) ?? UNITS[2];
  const decimals = Math.max(0, Math.min(3, Math.ceil(Math.log10(per / Math.max(1, stepUs)) - 1e-9)));
  return `${(us / per).toFixed(decimals).replace('-', '−')} ${unit}`;
}

/**
 * A value with its unit: `58.44 degC`, `40 / 255`.
 * @param {number} value
 * @param {string} unit
 */
export function valueText(value, unit) {
  const number = String(Number(value.toPrecision(5))).replace('-', '−');
  return unit === '' ? number : `${number} ${unit}`;
}

/**
 * Round times between two, about as many as are wanted.
 * @param {number} from
 * @param {number} to
 * @param {number} wanted
 */
export function roundTimes(from, to, wanted) {
  const rough = (to - from) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const times = [];
  // Not −0, which is written otherwise.
  for (let at = Math.ceil(from / step) * step + 0; at <= to; at += step) times.push(at);
  return { times, step };
}
