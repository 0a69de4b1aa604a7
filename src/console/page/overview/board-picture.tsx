import type { BoardStatus } from '../net/shapes.js';
import { WORDS } from '../words.js';

const W = WORDS.drawing;
const PINS_ABOVE = Array.from({ length: 18 }, (_, pin) => 74 + pin * 8.6);
const PINS_BELOW = Array.from({ length: 14 }, (_, pin) => 108 + pin * 8.6);

/** A board as it lies on the table: an Uno, USB to the left. Below it its part in the pair. */
export function Board(props: { isLeft: boolean; board: BoardStatus; isDriver: boolean; isStopped: boolean }) {
  const { isLeft, board, isDriver, isStopped } = props;
  const isIn = board.role === 'primary' || board.role === 'backup';
  return (
    <g
      class={`board tone-${isLeft ? 'a' : 'b'} ${isIn ? 'in' : 'out'} ${isDriver ? 'drives' : ''}`}
      transform={`translate(${isLeft ? 24 : 456} 108)`}
    >
      <path class="pcb" d="M14 0h204l8 8v20l14 12v96l-14 10v8H14a6 6 0 0 1-6-6V6a6 6 0 0 1 6-6z" />
      <rect class="metal" x="-6" y="18" width="44" height="36" rx="2" />
      <rect class="jack" x="0" y="112" width="42" height="28" rx="2" />
      <rect class="header" x="66" y="5" width="160" height="11" rx="1.5" />
      <rect class="header" x="100" y="138" width="124" height="11" rx="1.5" />
      {PINS_ABOVE.map((pin) => (
        <circle key={pin} class="pin" cx={pin} cy="10.5" r="2" />
      ))}
      {PINS_BELOW.map((pin) => (
        <circle key={pin} class="pin" cx={pin} cy="143.5" r="2" />
      ))}
      <path class="chip" d="M112 100h104v26H112v-9a4 4 0 0 0 0-8z" />
      <circle class="lamp" cx="212" cy="36" r="5" />
      <text class="name" x="128" y="80">
        {board.board}
      </text>
      <text class="kind" x="164" y="117">
        {board.kind?.name ?? ''}
      </text>
      {!isIn && <path class="crossed" d="M20 14 212 140M212 14 20 140" />}
      {/* Outside of the wire that leaves it. */}
      <g class={isLeft ? 'end' : 'start'} transform={`translate(${isLeft ? 176 : 64} 0)`}>
        <text class="role" y="180">
          {isStopped && board.role === 'primary' ? W.stopped : W.roles[board.role]}
        </text>
        <text class="label" y="206">
          {underIt(board)}
        </text>
      </g>
    </g>
  );
}

/** What one wants to know of it next. */
function underIt({ role, behind, link, joining }: BoardStatus): string {
  if (joining !== null) return joining.of === 0 ? joining.step : `${joining.step} ${joining.done} / ${joining.of}`;
  if (link !== 'open') return link === 'no link' ? W.noLink : link;
  if (role === 'backup') return W.behind(behind);
  return ' ';
}
