import type { Pair } from '../model/pair.js';
import type { BoardStatus, PageStatus } from '../net/shapes.js';
import { WORDS } from '../words.js';
import { Board } from './board-picture.js';
import { Relay } from './relay-picture.js';

const W = WORDS.drawing;

/** The pair as it is wired: inputs, two boards, the relay and the actuator, with the way of an input alive. */
export function Drawing({ pair, status }: { pair: Pair; status: PageStatus }) {
  const standing = pair.standing.value;
  const [left, right, third] = status.boards;
  if (left === undefined || right === undefined) return null;
  // Without this signal the rate, which is none, would stay as it was first drawn.
  pair.beat.value;
  const perSecond = pair.rate.perSecond();
  const isAlive = standing !== 'stale' && standing !== 'stopped' && (perSecond ?? 0) > 0;
  const driver = driverIn(status);
  const isStopped = status.phase === 'stopped';
  return (
    <figure class={`drawing ${isAlive ? 'alive' : ''}`}>
      <svg viewBox="0 0 720 520" role="img" aria-label={inWords(status)}>
        <g class="inputs">
          <text x="360" y="22" class="label strong">
            {W.inputs}
          </text>
          <text x="360" y="46" class="label figure">
            {perSecond === null ? ' ' : W.rate(perSecond.toFixed(1))}
          </text>
        </g>
        <Way board={left} isLeft={true} isDriver={driver === left.board} />
        <Way board={right} isLeft={false} isDriver={driver === right.board} />
        <Board isLeft={true} board={left} isDriver={driver === left.board} isStopped={isStopped} />
        <Board isLeft={false} board={right} isDriver={driver === right.board} isStopped={isStopped} />
        <Agreement status={status} third={third} />
        <Relay status={status} driver={driver} left={left} right={right} />
      </svg>
    </figure>
  );
}

/** The board that the actuator hangs on: what the relay was told last, and with a relay's feedback also shows. */
function driverIn({ relay }: PageStatus): string {
  return relay.commanded;
}

/** From the inputs to a board. Two lines: the wire, and what moves on it. */
function Way({ board, isLeft, isDriver }: { board: BoardStatus; isLeft: boolean; isDriver: boolean }) {
  const x = isLeft ? 144 : 576;
  const way = `M360 60v22H${x}v26`;
  const isIn = ['primary', 'backup', 'joining'].includes(board.role);
  return (
    <g class={`way ${isIn ? 'in' : 'out'} ${isDriver ? 'drives' : ''}`}>
      <path d={way} class="wire" />
      {isIn && <path d={way} class="flow" />}
    </g>
  );
}

/** Between the boards: whether they agree, and the third copy where there is one. */
function Agreement({ status, third }: { status: PageStatus; third: BoardStatus | undefined }) {
  const sign = status.protected ? '=' : status.boards.some(({ role }) => role === 'joining') ? '…' : '≠';
  const isCompared = status.protected || sign === '…';
  return (
    <g class={`agreement ${status.protected ? 'held' : 'not-held'}`}>
      <path d="M270 185h52M398 185h52" class={isCompared ? 'compare' : 'compare broken'} />
      <circle cx="360" cy="185" r="34" />
      <text x="360" y="198" class="sign">
        {sign}
      </text>
      {third !== undefined && (
        <g class="third">
          <path d="M360 219v22" class="compare" />
          <rect x="302" y="241" width="116" height="34" rx="4" />
          <text x="360" y="264" class="label">
            {W.thirdCopy}
          </text>
        </g>
      )}
    </g>
  );
}

/** The same for whoever cannot see it. */
function inWords(status: PageStatus): string {
  return W.says([
    ...status.boards.map(({ board, role, link }) => W.boardSays(board, W.roles[role], link)),
    ...(status.relay.kind === 'none' ? [`${W.noRelay}.`] : [W.relaySays(status.relay.commanded, status.relay.proved)]),
  ]);
}
