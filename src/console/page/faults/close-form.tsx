import { useSignal } from '@preact/signals';
import { command, outcomeText } from '../actions/command.js';
import { who } from '../actions/who.js';
import { nowMs } from '../model/now.js';
import type { Pair } from '../model/pair.js';
import type { Fault } from '../net/shapes.js';
import { momentText } from '../text/times.js';
import { WORDS } from '../words.js';
import { isOpen } from './filter.js';

const W = WORDS.close;

/** Closing takes a name, and room for what was found. */
export function CloseForm({ pair, fault }: { pair: Pair; fault: Fault }) {
  const note = useSignal('');
  const said = useSignal('');
  const isBusy = useSignal(false);
  const close = async () => {
    if (who.value.trim() === '') {
      said.value = W.nameMissing;
      return;
    }
    isBusy.value = true;
    said.value = W.closing;
    const body = { fault: fault.id, by: who.value.trim(), note: note.value.trim() };
    const outcome = await command(pair, 'close', body);
    await pair.faults.load(fault.id);
    said.value = outcome.kind === 'done' ? W.done(fault.id) : outcomeText(outcome);
    isBusy.value = false;
  };
  return (
    <section class="close" aria-label={W.heading}>
      {isOpen(fault) && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void close();
          }}
        >
          <h4>{W.heading}</h4>
          <p>{W.why}</p>
          <label>
            <span>{W.name}</span>
            <input
              name="name"
              autocomplete="name"
              maxLength={80}
              value={who.value}
              onInput={({ currentTarget }) => {
                who.value = currentTarget.value;
              }}
            />
          </label>
          <label>
            <span>{W.note}</span>
            <textarea
              name="note"
              rows={2}
              maxLength={500}
              value={note.value}
              onInput={({ currentTarget }) => {
                note.value = currentTarget.value;
              }}
            />
          </label>
          <button type="submit" class="main" disabled={isBusy.value}>
            {W.button}
          </button>
        </form>
      )}
      <p role="status">{said.value}</p>
      <Closed fault={fault} />
    </section>
  );
}

function Closed({ fault: { closedAt, closedBy, note } }: { fault: Fault }) {
  if (closedAt === null) return null;
  const who = closedBy == null || closedBy === '' ? '' : ` ${W.by(closedBy)}`;
  return (
    <p class="closed-by">
      {`${W.closedAt(momentText(Date.parse(closedAt), nowMs.value))}${who}`}
      {note != null && note !== '' && <q>{note}</q>}
    </p>
  );
}
