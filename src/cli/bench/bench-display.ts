import { isLive, startSignOfLife } from '../terminal/sign-of-life.js';

/** Says which scenario runs, on standard error: a moving line on a terminal, elsewhere a plain one if `saysPlainly`. */
export interface BenchDisplay {
  readonly show: (scenario: string, index: number, count: number) => void;
  /** What is done before the first scenario, in a thread that does nothing else meanwhile. */
  readonly showFirst: (what: string) => void;
  readonly stop: () => void;
}

export function startBenchDisplay(saysPlainly: boolean): BenchDisplay {
  const sign = startSignOfLife('starting');
  const say = (what: string, show: (what: string) => void): void => {
    if (saysPlainly && !isLive()) process.stderr.write(`  ${what}\n`);
    show(what);
  };
  return {
    show: (scenario, index, count) => say(`${index + 1} of ${count}: ${scenario}`, sign.say),
    showFirst: (what) => say(what, sign.sayNow),
    stop: sign.stop,
  };
}
