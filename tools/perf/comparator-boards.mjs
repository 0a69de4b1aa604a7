// What every comparator knows of the harness's wire: opening a board, an input, and the fields of what comes back.
import { decodeFrame, encodeFrame } from '#built/protocol/frame-codec.js';

export const SESSION = 1;
const HEAD = { session: SESSION };

/** A frame of an input; positions are left to the order of arrival. */
export function inputFrame(seq, payload) {
  const none = { probe: false, recall: false, observedGiven: false, observed: [] };
  return Buffer.from(encodeFrame({ kind: 'input', ...HEAD, seq, ...none, pairTimeMs: 0, position: 0, payload }));
}

export function commitFrame(seq, resultHash) {
  return Buffer.from(encodeFrame({ kind: 'commit', ...HEAD, seq, resultHash }));
}

/**
 * Opens the session of a board that is reached through `write`, and tells what it says afterwards.
 * @returns what to call with every frame that stands between two delimiters, and a promise of the open session
 */
export function openBoard(write, heard) {
  let isOpen = () => undefined;
  const opened = new Promise((resolve) => {
    isOpen = resolve;
  });
  write(Buffer.from(encodeFrame({ kind: 'helloRequest', session: 0, seq: 0 })));
  const take = (bytes) => {
    if (bytes.length === 0) return;
    const decoded = decodeFrame(bytes);
    if (!decoded.ok) return;
    const { message } = decoded;
    if (message.kind !== 'hello') return heard(message);
    if (message.session === SESSION) return isOpen();
    const { session: wasSession, boot } = message;
    const open = { kind: 'open', session: 0, seq: 0, newSession: SESSION, wasSession, boot, resume: false, nextSeq: 1 };
    write(Buffer.from(encodeFrame(open)));
  };
  return { take, opened };
}
