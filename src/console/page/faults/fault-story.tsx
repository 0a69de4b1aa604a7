import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { StoryParts } from '../../../faults/story.js';
import type { Pair } from '../model/pair.js';
import { linkTo } from '../model/route.js';
import { Command } from '../parts/command.js';
import { stepText } from '../text/times.js';
import { WORDS } from '../words.js';
import { CloseForm } from './close-form.js';
import { FaultMark } from './fault-mark.js';
import { isOpen } from './filter.js';
import { SideBySide } from './side-by-side.js';

const W = WORDS.faults;
/** A story goes on: a board that is locked out joins again. */
const ASK_AGAIN_MS = 4000;

export function FaultStory({ pair, id }: { pair: Pair; id: number }) {
  const isMissing = useSignal(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const fault = pair.faults.all.value.find((one) => one.id === id);
  useEffect(() => {
    const ask = async () => {
      const found = await pair.faults.load(id);
      isMissing.value = found === null;
    };
    void ask();
    const again = setInterval(() => void ask(), ASK_AGAIN_MS);
    return () => clearInterval(again);
    // The stream tells of what has changed, without its story.
  }, [pair, id, fault?.timeline.length, fault?.closedAt]);
  // Whoever came here by keyboard reads on here; where the story stands in the place of the list, it begins at the top.
  useEffect(() => {
    const isAlone = window.matchMedia('(max-width: 69.99rem)').matches;
    heading.current?.focus({ preventScroll: isAlone });
    if (isAlone) heading.current?.closest('.faults')?.scrollIntoView({ block: 'start' });
  }, [fault?.story === undefined]);
  if (fault === undefined) {
    return (
      <article class="story">
        <p class="empty">{isMissing.value ? W.missing(id) : W.noStory}</p>
      </article>
    );
  }
  return (
    <article class="story" aria-labelledby="story-heading">
      <a class="back" href={linkTo(pair.id)}>
        {W.back}
      </a>
      <h3 id="story-heading" ref={heading} tabIndex={-1}>
        <FaultMark fault={fault} />
        <span>
          <small>{W.number(fault.id, fault.event)}</small>
          {fault.title}
        </span>
      </h3>
      {isOpen(fault) && (
        <button type="button" class="to-close" onClick={toClose}>
          {WORDS.close.begin}
        </button>
      )}
      {fault.story === undefined ? <p class="empty">{W.noStory}</p> : <Told story={fault.story} />}
      <CloseForm pair={pair} fault={fault} />
    </article>
  );
}

/** The form is at the end, behind what one has to know before. */
function toClose(): void {
  document.querySelector<HTMLElement>('.close input')?.focus();
}

function Told({ story }: { story: StoryParts }) {
  const { facts, happened, done, effect, timeline, next, sides } = story;
  return (
    <>
      <dl class="facts" aria-label={W.facts}>
        {facts.map(({ label, text }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {sides !== null && <SideBySide sides={sides} />}
      <h4>{W.happened}</h4>
      <p>{happened}</p>
      <h4>{W.done}</h4>
      <p>{done}</p>
      <h4>{W.effect}</h4>
      <p>{effect}</p>
      <h4>{W.next}</h4>
      <ol class="next">
        {next.map(({ text, commands }) => (
          <li key={text}>
            {text}
            {commands.map((command) => (
              <Command key={command} text={command} />
            ))}
          </li>
        ))}
      </ol>
      <h4>{W.timeline}</h4>
      <Timeline timeline={timeline} />
    </>
  );
}

function Timeline({ timeline }: Pick<StoryParts, 'timeline'>) {
  if (timeline.length === 0) return <p>{W.nothingNoted}</p>;
  return (
    <ol class="timeline">
      {timeline.map(({ afterMs, text }, index) => (
        // Steps are only ever added, and two may say the same.
        <li key={index}>
          <span class="after">{afterMs === null ? W.later : stepText(afterMs)}</span>
          <span>{text}</span>
        </li>
      ))}
    </ol>
  );
}
