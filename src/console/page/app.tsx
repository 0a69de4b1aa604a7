import { Actions } from './actions/actions.js';
import { FaultLog } from './faults/fault-log.js';
import { chosen, pairs } from './model/pairs.js';
import { Drawing } from './overview/drawing.js';
import { Figures } from './overview/figures.js';
import { Announcer, Hero } from './overview/hero.js';
import { PairRow } from './overview/pair-row.js';
import { Values } from './overview/values.js';
import { Warnings } from './overview/warnings.js';
import { Command } from './parts/command.js';
import { WORDS } from './words.js';

export function App() {
  const pair = chosen.value;
  if (pair === null) return <NoPair />;
  const status = pair.heard.value?.status ?? null;
  return (
    <>
      <button type="button" class="skip" onClick={toFaults}>
        {WORDS.skip}
      </button>
      <PairRow pairs={pairs.value ?? []} chosen={pair} />
      <Announcer pair={pair} />
      <main class={pair.standing.value} key={pair.id}>
        <Hero pair={pair} />
        {status !== null && (
          <div class="content">
            <Warnings status={status} />
            <section class="overview">
              <Drawing pair={pair} status={status} />
              <Figures pair={pair} status={status} />
            </section>
            <Values pair={pair} status={status} />
            <Actions pair={pair} status={status} />
          </div>
        )}
        <FaultLog pair={pair} />
      </main>
      <footer>
        <a href={pair.path('wiring.svg')}>{WORDS.more.wiring}</a>
        <a href={pair.path('configuration')}>{WORDS.more.configuration}</a>
        <a href="./api/openapi.json">{WORDS.more.api}</a>
      </footer>
    </>
  );
}

/** The address tells what is looked at, and is no place to jump to. */
function toFaults(): void {
  document.getElementById('faults-heading')?.focus();
}

function NoPair() {
  if (pairs.value === null) return <main class="connecting" aria-busy="true" />;
  return (
    <main class="nobody">
      <h1>{WORDS.noPairs}</h1>
      <p>{WORDS.noPairsNext}</p>
      <Command text={WORDS.noPairsCommand} />
    </main>
  );
}
