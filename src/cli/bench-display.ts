const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

/** Says which scenario runs, on standard error: a moving line on a terminal, a plain one elsewhere. */
export interface BenchDisplay {
  readonly show: (scenario: string, index: number, count: number) => void;
  readonly stop: () => void;
}

export function startBenchDisplay(): BenchDisplay {
  const out = process.stderr;
  if (out.isTTY !== true || process.env['CI'] === 'true') {
    return {
      show: (scenario, index, count) => out.write(`  ${index + 1} of ${count}: ${scenario}\n`),
      stop: () => undefined,
    };
  }
  let text = 'starting';
  let frame = 0;
  const startedMs = performance.now();
  const timer = setInterval(() => {
    frame = (frame + 1) % FRAMES.length;
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    out.write(`\r\u001b[K  ${FRAMES[frame] ?? ''} ${text} (${seconds} s)`);
  }, FRAME_MS);
  return {
    show(scenario, index, count) {
      text = `${index + 1} of ${count}: ${scenario}`;
    },
    stop() {
      clearInterval(timer);
      out.write('\r\u001b[K');
    },
  };
}
