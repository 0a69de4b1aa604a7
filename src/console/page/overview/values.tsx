import { Fragment } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Pair } from '../model/pair.js';
import { isOld, type ValueGroup, type ValueRow, valueRowsOf } from '../model/values.js';
import type { BoardStatus, PageStatus } from '../net/shapes.js';
import { grouped, Steady } from '../text/steady.js';
import { lengthText } from '../text/times.js';
import { WORDS } from '../words.js';
import type { LivePlot } from './live-plot.js';

const W = WORDS.values;

/** Field by field what the boards have, beside one another, and how it went. */
export function Values({ pair, status }: { pair: Pair; status: PageStatus }) {
  const steady = useRef(new Steady());
  const rows = valueRowsOf(status);
  if (rows.length === 0) {
    return (
      <section class="values" aria-labelledby="values-heading">
        <h2 id="values-heading">{W.heading}</h2>
        <p class="empty">{W.none}</p>
      </section>
    );
  }
  return (
    <section class="values" aria-labelledby="values-heading">
      <h2 id="values-heading">{W.heading}</h2>
      <table>
        <caption class="unseen">{W.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{W.field}</th>
            {status.boards.map((board, index) => (
              <th
                scope="colgroup"
                colSpan={2}
                key={board.board}
                class={`number tone-${index === 0 ? 'a' : index === 1 ? 'b' : 'c'}`}
              >
                <span class="trace" aria-hidden="true" />
                {board.board}
                <small>{heardOf(board)}</small>
              </th>
            ))}
            <th scope="col" class="plot-column">
              {W.plot}
            </th>
          </tr>
        </thead>
        {groupsIn(rows).map((group) => (
          <tbody key={group}>
            <tr class="group">
              <th scope="rowgroup" colSpan={2 + 2 * status.boards.length}>
                {W.groups[group]}
              </th>
            </tr>
            {rows
              .filter((row) => row.group === group)
              .map((row) => (
                <Row key={row.key} pair={pair} row={row} boards={status.boards} steady={steady.current} />
              ))}
          </tbody>
        ))}
      </table>
      <LastInput status={status} />
    </section>
  );
}

function groupsIn(rows: readonly ValueRow[]): readonly ValueGroup[] {
  return [...new Set(rows.map(({ group }) => group))];
}

/** What came in, where its fields have names. */
function LastInput({ status: { lastInput } }: { status: PageStatus }) {
  if (lastInput == null || lastInput.values.length === 0) return null;
  return (
    <dl class="last-input">
      <dt>{W.lastInput(grouped(String(lastInput.seq)))}</dt>
      {lastInput.values.map(({ name, value, unit }) => (
        <dd key={name}>
          {name} <strong>{typeof value === 'boolean' ? (value ? W.yes : W.no) : (value ?? '–')}</strong> {unit}
        </dd>
      ))}
    </dl>
  );
}

/** What the values are of; of a board that has fallen silent, since when they are old. */
function heardOf(board: BoardStatus): string {
  if (board.live == null) return ' ';
  const { seq, ageMs, rejected = false } = board.live;
  if (rejected) return W.rejected;
  return isOld(board) ? W.old(lengthText(ageMs)) : W.input(grouped(String(seq)));
}

interface RowProps {
  readonly pair: Pair;
  readonly row: ValueRow;
  readonly boards: readonly BoardStatus[];
  readonly steady: Steady;
}

function Row({ pair, row, boards, steady }: RowProps) {
  return (
    <tr class={row.differs ? 'differs' : ''}>
      <th scope="row">
        {row.name}
        {row.differs && <span class="mark">{W.differs}</span>}
      </th>
      {boards.map((board) => {
        const { text, characters } = steady.of(row.key, row.of.get(board.board) ?? null, W.yes, W.no);
        return (
          <Fragment key={board.board}>
            <td class={`number ${isOld(board) ? 'old' : ''}`}>
              <span class="value" style={{ minWidth: `${characters}ch` }}>
                {text}
              </span>
            </td>
            <td class="unit">{row.unit}</td>
          </Fragment>
        );
      })}
      <td class="plot-column">
        <Plot pair={pair} row={row} />
      </td>
    </tr>
  );
}

/** Drawn by uPlot, which is fetched once there is something to plot: numbers do not wait for it. */
function Plot({ pair, row }: { pair: Pair; row: ValueRow }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<LivePlot | null>(null);
  const trace = pair.history?.of(row.key) ?? null;
  useEffect(() => {
    let isGone = false;
    const begin = async () => {
      const { LivePlot: Drawn } = await import('./live-plot.js');
      if (isGone || place.current === null || trace === null) return;
      plot.current = new Drawn(place.current, trace);
    };
    void begin();
    return () => {
      isGone = true;
      plot.current?.close();
      plot.current = null;
    };
  }, [trace]);
  const beat = pair.beat.value;
  useEffect(() => plot.current?.draw(), [beat]);
  return <div class="plot" ref={place} role="img" aria-label={W.plotSays(row.name)} />;
}
