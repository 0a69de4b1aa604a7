/** What the third copy is called: it is no board of the pair. */
export const THIRD = 'third';
/** Whoever executes inputs: a board of the pair, or the third copy. */
export type CopyName = 'a' | 'b' | typeof THIRD;
