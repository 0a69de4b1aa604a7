import { MAX_INPUT_PAYLOAD_BYTES } from '../link/harness/wire-message.js';

/** What is expected of a payload that somebody writes in hex. */
export const PAYLOAD_EXPECTED = `pairs of hexadecimal digits, at most ${MAX_INPUT_PAYLOAD_BYTES} bytes`;

/** Whether a text is one in hex, no longer than a gateway takes from a client; an empty one is a payload too. */
export function isPayloadText(text: string): boolean {
  return /^([0-9a-fA-F]{2})*$/.test(text) && text.length <= 2 * MAX_INPUT_PAYLOAD_BYTES;
}
