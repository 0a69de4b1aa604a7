// The rig's two tables, as Markdown: what each contender does, and Copycat's share of each, round by round.

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Columns of the first table: of which load, which figure. */
const COLUMNS = [
  ['paced p50 µs', ({ paced }) => paced.p50Us],
  ['p99', ({ paced }) => paced.p99Us],
  ['p99.9', ({ paced }) => paced.p999Us],
  ['1 in flight p50 µs', ({ inFlight1 }) => inFlight1.p50Us],
  ['1 /s', ({ inFlight1 }) => inFlight1.perSecond],
  ['4 /s', ({ inFlight4 }) => inFlight4.perSecond],
  ['16 /s', ({ inFlight16 }) => inFlight16.perSecond],
  ['CPU µs an input (16)', ({ inFlight16 }) => inFlight16.cpuUsPerInput],
  ['peak MB', ({ inFlight16 }) => inFlight16.peakKb / 1024],
];

export function performanceTable(contenders, results) {
  return table(
    ['contender', ...COLUMNS.map(([title]) => title)],
    contenders.map(({ name, key }) => [
      name,
      ...COLUMNS.map(([, figure]) => round(median(results.get(key).map(figure)))),
    ]),
  );
}

/** The targets: what is divided by what, in the same round, and what it should come to. */
const RATIOS = [
  ['paced p50', 'copycat', 'bare', ({ paced }) => paced.p50Us, '≤ 0.7'],
  ['paced p50', 'copycat', 'direct', ({ paced }) => paced.p50Us, '≤ 1.6'],
  ['paced p99', 'copycat', 'bare', ({ paced }) => paced.p99Us, '≤ 1'],
  ['1 in flight p50', 'copycat', 'bare', ({ inFlight1 }) => inFlight1.p50Us, '–'],
  ['16 in flight, per second', 'copycat', 'pair', ({ inFlight16 }) => inFlight16.perSecond, '≥ 2'],
  ['16 in flight, per second', 'copycat', 'partsList', ({ inFlight16 }) => inFlight16.perSecond, '≥ 1'],
  ['processor time an input', 'copycat', 'pair', ({ inFlight16 }) => inFlight16.cpuUsPerInput, '≤ 0.5'],
  ['processor time an input', 'copycat', 'partsList', ({ inFlight16 }) => inFlight16.cpuUsPerInput, '≤ 1.5'],
];

export function ratioTable(contenders, results) {
  const nameOf = (key) => contenders.find((contender) => contender.key === key)?.name;
  const rows = RATIOS.filter(([, of, by]) => nameOf(of) !== undefined && nameOf(by) !== undefined).map(
    ([what, of, by, figure, target]) => {
      const others = results.get(by);
      const ratios = results.get(of).map((run, index) => figure(run) / figure(others[index]));
      const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
      return [what, nameOf(by), median(ratios).toFixed(2), spread, target];
    },
  );
  return table(['Copycat’s', 'divided by that of', 'median', 'over the rounds', 'target'], rows);
}

/** Lines of a Markdown table. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function round(number) {
  return number >= 100 ? number.toFixed(0) : number.toPrecision(3);
}
