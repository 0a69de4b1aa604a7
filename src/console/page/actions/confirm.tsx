import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useImperativeHandle, useRef } from 'preact/hooks';
import { WORDS } from '../words.js';
import type { Action } from './possible.js';
import { who } from './who.js';

const W = WORDS.actions;

export interface ConfirmHandle {
  open(action: Action): void;
}

/** Nothing is asked of a pair by one press. The browser's own dialog holds the focus, and gives it back. */
export function Confirm({
  handle,
  onYes,
}: {
  handle: RefObject<ConfirmHandle | null>;
  onYes: (action: Action) => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const action = useSignal<Action | null>(null);
  useImperativeHandle(
    handle,
    () => ({
      open(chosen: Action) {
        action.value = chosen;
        dialog.current?.showModal();
        cancel.current?.focus();
      },
    }),
    [],
  );
  return (
    <dialog ref={dialog} aria-labelledby="confirm-title" aria-describedby="confirm-text">
      <form
        method="dialog"
        onSubmit={({ submitter }) => {
          if (submitter instanceof HTMLButtonElement && submitter.value === 'yes' && action.value !== null)
            onYes(action.value);
        }}
      >
        <h2 id="confirm-title">{action.value?.title}</h2>
        <p id="confirm-text">{action.value?.text}</p>
        <label>
          <span>{W.who}</span>
          <input
            autocomplete="name"
            maxLength={80}
            value={who.value}
            onInput={({ currentTarget }) => {
              who.value = currentTarget.value;
            }}
          />
        </label>
        <div class="buttons">
          {/* What is pressed without a look does nothing. */}
          <button type="button" ref={cancel} onClick={() => dialog.current?.close()}>
            {W.cancel}
          </button>
          <button type="submit" value="yes" class="main">
            {W.confirm}
          </button>
        </div>
      </form>
    </dialog>
  );
}
