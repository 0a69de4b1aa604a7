/**
 * Gives a function that has `work` done once, as soon as the code that runs now has come to its end: a ledger gives all
 * answers of a transaction in one go, and what the core sends upon them belongs together. Before any other input or
 * output, so nothing is held back that could have left.
 */
export function onceATurn(work: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      work();
    });
  };
}
