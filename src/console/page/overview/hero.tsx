import { nowMs } from '../model/now.js';
import type { Pair } from '../model/pair.js';
import type { Standing } from '../model/standing.js';
import type { PageStatus } from '../net/shapes.js';
import { Command } from '../parts/command.js';
import { StandingIcon } from '../parts/standing-icon.js';
import { capital } from '../text/capital.js';
import { lengthText, momentText } from '../text/times.js';
import { WORDS } from '../words.js';

/** How the pair stands: to be read from three metres. */
export function Hero({ pair }: { pair: Pair }) {
  const standing = pair.standing.value;
  const { why, next } = explained(pair, standing);
  return (
    <section class={`hero ${standing}`} aria-labelledby="standing">
      <StandingIcon standing={standing} />
      <div class="hero-words">
        <h1 id="standing">
          <span class="hero-pair">{pair.status?.name ?? pair.id}</span>
          <span class="hero-standing">{WORDS.standing[standing]}</span>
        </h1>
        <p class="hero-why">{why}</p>
        {next !== null && (
          <div class="hero-next">
            <p>{next.text}</p>
            {next.commands.map((command) => (
              <Command key={command} text={command} />
            ))}
          </div>
        )}
      </div>
      <Age pair={pair} />
    </section>
  );
}

function Age({ pair }: { pair: Pair }) {
  const { ageMs } = pair;
  const status = pair.status;
  return (
    <p class="hero-age">
      <span>{ageMs === null ? WORDS.live.never : WORDS.live.age((ageMs / 1000).toFixed(1))}</span>
      {status !== null && !status.ledger.recordedToDisk && <strong>{WORDS.live.notRecorded}</strong>}
    </p>
  );
}

interface Explained {
  readonly why: string;
  readonly next: { readonly text: string; readonly commands: readonly string[] } | null;
}

function explained(pair: Pair, standing: Standing): Explained {
  const status = pair.status;
  if (status === null) return { why: WORDS.why.connecting, next: null };
  if (standing === 'stale') {
    const now = nowMs.value;
    const sinceMs = pair.lastStepAtMs.value ?? now;
    const why = WORDS.why.stale(momentText(sinceMs, now), lengthText(now - sinceMs));
    return { why, next: { text: WORDS.why.staleNext, commands: [WORDS.why.staleCommand] } };
  }
  const { why, next } = status;
  if (next === null) return { why: sentence(why, status), next: null };
  return {
    why: sentence(why, status),
    next: { text: sentence(next.text, status), commands: next.commands.map((command) => `npx copycat ${command}`) },
  };
}

/** With a capital and a full stop; a board keeps its name as it is. */
function sentence(text: string, { boards }: PageStatus): string {
  const begin = boards.some(({ board }) => text.startsWith(`${board} `)) ? text : capital(text);
  return `${begin}.`;
}

/** What a screen reader is told, and told again only when it has changed. */
export function Announcer({ pair }: { pair: Pair }) {
  const standing = pair.standing.value;
  const why = standing === 'stale' || pair.status === null ? '' : sentence(pair.status.why, pair.status);
  return (
    <p class="unseen" role="status" aria-live="assertive" aria-atomic="true">
      {WORDS.said(pair.status?.name ?? pair.id, WORDS.standing[standing], why)}
    </p>
  );
}
