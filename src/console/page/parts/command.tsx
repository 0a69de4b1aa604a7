import { useSignal } from '@preact/signals';
import { WORDS } from '../words.js';

const SHOWN_MS = 2000;

/** A command as it can be typed, and taken along. */
export function Command({ text }: { text: string }) {
  const isCopied = useSignal(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    isCopied.value = true;
    setTimeout(() => {
      isCopied.value = false;
    }, SHOWN_MS);
  };
  return (
    <span class="command">
      <code>{text}</code>
      {/* Only a page that came encrypted, or from this machine, may write to the clipboard. */}
      {window.isSecureContext && (
        <button type="button" class="copy" onClick={() => void copy()} aria-label={`${WORDS.copy}: ${text}`}>
          {isCopied.value ? WORDS.copied : WORDS.copy}
        </button>
      )}
    </span>
  );
}
