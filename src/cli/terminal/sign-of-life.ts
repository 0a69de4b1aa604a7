import { clearLiveLine, showLiveLine } from './live-line.js';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
/** What is done sooner needs no sign. */
const FIRST_AFTER_MS = 300;
/** Beside the text: the sign, the seconds, and the spaces between. */
const BESIDE = 14;

/** Says on a terminal that something is still being done, what, and since when: nobody waits in front of a silent one. */
export interface SignOfLife {
  /** What is done from now on; its seconds begin anew. */
  readonly say: (what: string) => void;
  /** The same, shown at once: for work during which no timer of this thread runs. */
  readonly sayNow: (what: string) => void;
  readonly stop: () => void;
}

type Terminal = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

const SILENT: SignOfLife = { say: () => undefined, sayNow: () => undefined, stop: () => undefined };

/** Whether a person sees it there. */
export function isLive({ isTTY }: Terminal = process.stderr): boolean {
  return isTTY === true && process.env['CI'] !== 'true';
}

/** On standard error, which a pipe leaves to the person. Where no terminal is there it does nothing. */
export function startSignOfLife(first: string, terminal: Terminal = process.stderr): SignOfLife {
  if (!isLive(terminal)) return SILENT;
  let what = first;
  let frame = 0;
  let sinceMs = performance.now();
  const startedMs = sinceMs;
  const draw = (): void => {
    frame = (frame + 1) % FRAMES.length;
    const seconds = Math.round((performance.now() - sinceMs) / 1000);
    const text = what.slice(0, Math.max(0, (terminal.columns ?? 80) - BESIDE));
    showLiveLine(`  ${FRAMES[frame] ?? ''} ${text} (${seconds} s)`, terminal);
  };
  const timer = setInterval(() => {
    if (performance.now() - startedMs >= FIRST_AFTER_MS) draw();
  }, FRAME_MS);
  // Whoever is done ends; the sign never keeps a process.
  timer.unref();
  const say = (next: string): void => {
    what = next;
    sinceMs = performance.now();
  };
  return {
    say,
    sayNow(next) {
      say(next);
      draw();
    },
    stop() {
      clearInterval(timer);
      clearLiveLine();
    },
  };
}

/** Shows `what` while `work` is under way, however it ends. */
export async function waitingFor<T>(what: string, work: (sign: SignOfLife) => Promise<T>): Promise<T> {
  const sign = startSignOfLife(what);
  try {
    return await work(sign);
  } finally {
    sign.stop();
  }
}
