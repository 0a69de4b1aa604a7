import { nowMs } from '../model/now.js';
import { linkTo } from '../model/route.js';
import type { Fault } from '../net/shapes.js';
import { lengthText, momentText } from '../text/times.js';
import { WORDS } from '../words.js';
import { FaultMark, stateOf } from './fault-mark.js';

const W = WORDS.faults;

export function FaultRows(props: { pair: string; faults: readonly Fault[]; chosen: number | null }) {
  const { pair, faults, chosen } = props;
  return (
    <ol class="fault-rows">
      {faults.map((fault) => (
        <li key={fault.id} class={stateOf(fault)}>
          <a href={linkTo(pair, fault.id)} aria-current={fault.id === chosen ? 'true' : undefined}>
            <FaultMark fault={fault} />
            <span class="fault-id">{fault.id}</span>
            <span class="fault-title">
              {fault.title}
              {fault.repeats > 0 && <span class="repeats">{W.repeats(fault.repeats)}</span>}
            </span>
            <Moment fault={fault} />
          </a>
        </li>
      ))}
    </ol>
  );
}

function Moment({ fault: { wallTime, wallTimeTrusted } }: { fault: Fault }) {
  const ms = Date.parse(wallTime);
  return (
    <time
      dateTime={wallTime}
      class={wallTimeTrusted ? '' : 'doubtful'}
      title={wallTimeTrusted ? undefined : W.clockNotSet}
    >
      <span>{momentText(ms, nowMs.value)}</span>
      <small>{WORDS.figures.ago(lengthText(nowMs.value - ms))}</small>
    </time>
  );
}
