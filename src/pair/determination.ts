/**
 * Why a board is declared failed (R14, R15). The reason says what the gateway saw, never what it guesses.
 * `silent`: an outstanding input passed its deadline; `unplugged`: its link is gone; `restarted`: it lost its state;
 * `failed`: it said so itself, with a reason of its own; `unknown-result`: a result for an input it was never given;
 * `done-without-commit`: it acted without leave; `mismatch`: it was chosen as the wrong one of two that differ.
 */
export type Determination =
  | 'silent'
  | 'unplugged'
  | 'restarted'
  | 'failed'
  | 'unknown-result'
  | 'done-without-commit'
  | 'mismatch';
