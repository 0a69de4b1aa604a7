/**
 * What each group took: name, tests, seconds, a line each, and all of them together. `totalMs` is what the clock on the wall says, which is
 * less than the sum where groups ran side by side.
 */
export function timeTable(rows, totalMs) {
  const cells = [
    ['group', 'tests', 'seconds'],
    ...rows.map(({ name, tests, ms }) => [name, String(tests), seconds(ms)]),
    ['together', String(rows.reduce((sum, { tests }) => sum + tests, 0)), seconds(totalMs)],
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map(([name, ...numbers]) =>
    [name.padEnd(widths[0]), ...numbers.map((text, n) => text.padStart(widths[n + 1]))].join('  '),
  );
}

function seconds(ms) {
  return (ms / 1000).toFixed(0);
}
