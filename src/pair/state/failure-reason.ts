/**
 * Why a board is declared failed (R14, R15). The reason says what the gateway saw, never what it guesses.
 * `silent`: an outstanding input passed its deadline; `unplugged`: its link is gone; `restarted`: it lost its state;
 * `failed`: it said so itself, with a reason of its own; `unknown-result`: a result for an input it was never given;
 * `done-without-commit`: it acted without leave; `judged-wrong`: of two that differ it is the wrong one, on evidence;
 * `mismatch`: so too, but by the configuration's policy: nothing tells (R19).
 */
export type FailureReason =
  | 'silent'
  | 'unplugged'
  | 'restarted'
  | 'failed'
  | 'unknown-result'
  | 'done-without-commit'
  | 'judged-wrong'
  | 'mismatch';

/** What such a board has answered does not count, though its commits are in the ledger. */
export function isJudgement(reason: FailureReason | null): boolean {
  return reason === 'mismatch' || reason === 'judged-wrong';
}
