/** As many decimals as one step of a scale needs: 0.1 shows one, 0.25 two, 10 none; 250 / 1023 as many as tell it from the next. */
export function decimalsOf(scale: number): number {
  for (let decimals = 0; decimals <= 4; decimals++) {
    const shifted = Math.abs(scale) * 10 ** decimals;
    if (shifted > 0.5 && Math.abs(shifted - Math.round(shifted)) < 1e-6) return decimals;
  }
  return Math.min(20, Math.max(0, Math.ceil(-Math.log10(Math.abs(scale)))));
}

/** 45.8750 → 45.875, 88.0000 → 88.0: one decimal says that there could be more. */
export function trimZeros(number: string): string {
  return number.replace(/(\.\d+?)0+$/, '$1');
}
