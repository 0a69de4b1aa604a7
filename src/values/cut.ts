/**
 * Where a board's bytes are cut before its protocol reads them: at 0x00, as the harness's frames end; nowhere, by a protocol that
 * tells by lengths and pauses what belongs together; or at a delimiter of its own, one byte or more.
 */
export type Cut = 'frames' | 'bytes' | { readonly delimiter: Uint8Array };

/** No byte of a harness frame is 0 but the ones at its ends. */
export const FRAME_DELIMITER = Uint8Array.of(0);

/** What ends a piece; null: nothing does. */
export function delimiterOf(cut: Cut): Uint8Array | null {
  if (cut === 'bytes') return null;
  return cut === 'frames' ? FRAME_DELIMITER : cut.delimiter;
}
