/** `62.5 %`: a value in units, for people; null: nothing is known. `scale` as for `numberText`. */
export function valueText(
  value: number | null,
  { scale, unit }: { readonly scale: number | null; readonly unit: string },
): string {
  if (value === null) return 'nothing';
  const number = numberText(value, scale);
  return unit === '' ? number : `${number} ${unit}`;
}

/** As many decimals as one step of the scale needs; null: in seven digits, which is what an f32 has. */
export function numberText(value: number, scale: number | null): string {
  const number = scale === null ? String(Number(value.toPrecision(7))) : value.toFixed(decimalsOf(scale));
  // 45.8750 → 45.875, 88.0000 → 88.0: one decimal says that there could be more.
  return number.replace(/(\.\d+?)0+$/, '$1');
}

/** 0.1 shows one, 0.25 two, 10 none; 250 / 1023 as many as tell it from the next. */
function decimalsOf(scale: number): number {
  for (let decimals = 0; decimals <= 4; decimals++) {
    const shifted = Math.abs(scale) * 10 ** decimals;
    if (shifted > 0.5 && Math.abs(shifted - Math.round(shifted)) < 1e-6) return decimals;
  }
  return Math.min(20, Math.max(0, Math.ceil(-Math.log10(Math.abs(scale)))));
}
