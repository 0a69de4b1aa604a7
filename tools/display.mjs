// What set-up and tests show while they work. Everything goes to standard error, so that `bench --json` stays clean.

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
/** Without a terminal a sign of life this often is enough. */
const PLAIN_MS = 15_000;

/**
 * Shows that something long is going on: a moving line with the seconds gone on a terminal, a plain line now and then
 * elsewhere. `say(text, detail)` changes what is said (the detail alone is no reason for a new plain line), `stop(text)`
 * ends it with a last line.
 */
export function startDisplay(firstText) {
  const out = process.stderr;
  const moving = out.isTTY === true && process.env.TERM !== 'dumb' && process.env.CI !== 'true';
  const startedMs = performance.now();
  let text = firstText;
  let detail = '';
  let frame = 0;

  const seconds = () => Math.round((performance.now() - startedMs) / 1000);
  const drawMoving = () => {
    frame = (frame + 1) % FRAMES.length;
    const width = (out.columns || 80) - 12;
    out.write(`\r\x1b[K${FRAMES[frame]} ${`${text}${detail}`.slice(0, Math.max(20, width))} (${seconds()} s)`);
  };
  const drawPlain = () => out.write(`  ${text}${detail} (${seconds()} s)\n`);

  if (moving) drawMoving();
  else drawPlain();
  const timer = setInterval(moving ? drawMoving : drawPlain, moving ? FRAME_MS : PLAIN_MS);

  return {
    say(nextText, nextDetail = '') {
      const isNews = nextText !== text;
      text = nextText;
      detail = nextDetail;
      if (!moving && isNews) drawPlain();
    },
    stop(lastText) {
      clearInterval(timer);
      if (moving) out.write('\r\x1b[K');
      if (lastText !== undefined) out.write(`${lastText} (${seconds()} s)\n`);
    },
  };
}
