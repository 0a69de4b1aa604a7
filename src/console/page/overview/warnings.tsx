import type { PageStatus } from '../net/shapes.js';
import { capital } from '../text/capital.js';
import { WORDS } from '../words.js';

/** What is wrong beside the protection itself. */
export function Warnings({ status }: { status: PageStatus }) {
  const sentences = [
    ...(status.ledger.why === null ? [] : [status.ledger.why]),
    // The hero alone shouts.
    ...status.warnings.map((text) => text.replace(/^NOT PROTECTED[A-Z ]*/, (words) => capital(words.toLowerCase()))),
    ...(status.notHeld ?? []).map(({ rules, what }) => `${what} (${rules.join(', ')})`),
  ];
  if (sentences.length === 0) return null;
  return (
    <section class="warnings" aria-label={WORDS.warnings}>
      <ul>
        {sentences.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </section>
  );
}
