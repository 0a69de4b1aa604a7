const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

/** Says which scenario runs, on standard error: a moving line on a terminal, elsewhere a plain one if `saysPlainly`. */
export interface BenchDisplay {
  readonly show: (scenario: string, index: number, count: number) => void;
  /** What is done before the first scenario; drawn at once, for work during which no timer of this thread runs. */
  readonly showFirst: (what: string) => void;
  /** Makes room for a line of output. */
  readonly clear: () => void;
  readonly stop: () => void;
}

export function startBenchDisplay(saysPlainly: boolean): BenchDisplay {
  const out = process.stderr;
  if (out.isTTY !== true || process.env['CI'] === 'true') {
    return {
      show(scenario, index, count) {
        if (saysPlainly) out.write(`  ${index + 1} of ${count}: ${scenario}\n`);
      },
      showFirst(what) {
        if (saysPlainly) out.write(`  ${what}\n`);
      },
      clear: () => undefined,
      stop: () => undefined,
    };
  }
  let text = 'starting';
  let frame = 0;
  const startedMs = performance.now();
  const draw = (): void => {
    frame = (frame + 1) % FRAMES.length;
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    out.write(`\r\u001b[K  ${FRAMES[frame] ?? ''} ${text} (${seconds} s)`);
  };
  const timer = setInterval(draw, FRAME_MS);
  return {
    show(scenario, index, count) {
      text = `${index + 1} of ${count}: ${scenario}`;
    },
    showFirst(what) {
      text = what;
      draw();
    },
    clear: () => out.write('\r\u001b[K'),
    stop() {
      clearInterval(timer);
      out.write('\r\u001b[K');
    },
  };
}
