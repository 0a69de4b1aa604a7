import type { ComponentChildren } from 'preact';
import { drivingOf } from '../model/driving.js';
import { nowMs } from '../model/now.js';
import type { Pair } from '../model/pair.js';
import type { PageStatus } from '../net/shapes.js';
import { grouped } from '../text/steady.js';
import { lengthText, momentText } from '../text/times.js';
import { WORDS } from '../words.js';

const W = WORDS.figures;

/** What a person asks after the first glance, one figure each. */
export function Figures({ pair, status }: { pair: Pair; status: PageStatus }) {
  return (
    <dl class="figures" aria-label={W.heading}>
      <Drives pair={pair} status={status} />
      <Proven status={status} />
      <Lag status={status} />
      <RateFigure pair={pair} status={status} />
      <LatencyFigure status={status} />
      <InWork status={status} />
      <Wear status={status} />
      <Figure name={W.up} note={W.epoch(status.epoch)}>
        {lengthText(status.upMs)}
      </Figure>
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly note?: string | undefined;
  readonly isWrong?: boolean;
  readonly isLarge?: boolean;
  readonly children: ComponentChildren;
}

function Figure({ name, note, isWrong = false, isLarge = false, children }: FigureProps) {
  return (
    <div class={`figure-row ${isWrong ? 'wrong' : ''} ${isLarge ? 'large' : ''}`}>
      <dt>{name}</dt>
      <dd>
        <span class="figure-value">{children}</span>
        {note !== undefined && <span class="figure-note">{note}</span>}
      </dd>
    </div>
  );
}

function Drives({ pair, status }: { pair: Pair; status: PageStatus }) {
  // A stopped pair holds its boards in RESET: the relay leads to one that drives nothing.
  if (status.phase === 'stopped')
    return (
      <Figure name={W.drives} note={W.relayAt(status.primary)} isLarge={true} isWrong={true}>
        {W.nobody}
      </Figure>
    );
  const { atMs } = drivingOf(status, pair.faults.all.value);
  const note =
    atMs === null
      ? W.sinceUnknown(lengthText(status.upMs))
      : W.since(momentText(atMs, nowMs.value), lengthText(nowMs.value - atMs));
  return (
    <Figure name={W.drives} note={note} isLarge={true}>
      {W.board(status.primary)}
    </Figure>
  );
}

function Proven({ status: { relay } }: { status: PageStatus }) {
  if (relay.wear === undefined) return null;
  const { provedForMs } = relay.wear;
  if (provedForMs === null) {
    return (
      <Figure name={W.proved} note={W.neverNote} isWrong={true}>
        {W.never}
      </Figure>
    );
  }
  return <Figure name={W.proved}>{provedForMs < 1000 ? W.justNow : W.ago(lengthText(provedForMs))}</Figure>;
}

function Lag({ status: { boards } }: { status: PageStatus }) {
  const backup = boards.find(({ role }) => role === 'backup');
  if (backup === undefined) {
    return (
      <Figure name={W.lag} isWrong={true}>
        {W.noBackup}
      </Figure>
    );
  }
  return (
    <Figure name={W.lag} note={W.lagNote(backup.board)}>
      {W.lagValue(backup.behind)}
    </Figure>
  );
}

function RateFigure({ pair, status }: { pair: Pair; status: PageStatus }) {
  pair.beat.value;
  const perSecond = pair.rate.perSecond();
  return (
    <Figure name={W.rate} note={W.answered(grouped(String(status.inputs.answered)))}>
      {perSecond === null ? '–' : perSecond.toFixed(1)} <small>{W.perSecond}</small>
    </Figure>
  );
}

function LatencyFigure({ status: { latency } }: { status: PageStatus }) {
  if (latency == null) return null;
  return (
    <Figure name={W.latency} note={W.latencyNote(latency.worstMs.toFixed(1), latency.of)}>
      {latency.medianMs.toFixed(1)} <small>{W.ms}</small>
    </Figure>
  );
}

function InWork({ status: { inputs } }: { status: PageStatus }) {
  const { pending, refused, rejected = 0, quarantined } = inputs;
  const notes = [
    ...(quarantined.length > 0 ? [W.quarantined(quarantined.length)] : []),
    W.refused(grouped(String(refused))),
    ...(rejected > 0 ? [W.rejected(grouped(String(rejected)))] : []),
  ];
  return (
    <Figure name={W.work} note={notes.join(' · ')} isWrong={quarantined.length > 0}>
      {pending}
    </Figure>
  );
}

function Wear({ status: { relay } }: { status: PageStatus }) {
  if (relay.wear === undefined || relay.kind === 'emulated') return null;
  const { operations, ratedOperations } = relay.wear;
  return (
    <Figure name={W.wear} note={W.rated(grouped(String(ratedOperations)))} isWrong={operations > ratedOperations}>
      {W.operations(grouped(String(operations)))}
    </Figure>
  );
}
