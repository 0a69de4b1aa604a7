const LIMIT_MS = 60_000;
const TURNS = 100_000;

/**
 * Waits for the world until `what` is so, and gives what it gave. The limit only ends a test that would fail anyway: it counts
 * looks and not time, so that a busy machine has longer. `say` adds to the error what is so instead.
 * @param everyMs 0: looks at each turn of the event loop
 */
export async function until<So>(
  what: () => So | Promise<So>,
  say: () => unknown = () => '',
  everyMs = 5,
): Promise<Exclude<So, false | null | undefined>> {
  for (let looks = everyMs === 0 ? TURNS : LIMIT_MS / everyMs; looks > 0; looks--) {
    const so = await what();
    if (so !== false && so !== null && so !== undefined) return so as Exclude<So, false | null | undefined>;
    await new Promise<void>((resolve) => {
      if (everyMs === 0) setImmediate(resolve);
      else setTimeout(resolve, everyMs);
    });
  }
  const instead = say();
  throw new Error(`never came: ${what}\n${typeof instead === 'string' ? instead : JSON.stringify(instead, null, 1)}`);
}
