export interface EndingSignals {
  /** Aborted by the first of them. */
  readonly ended: AbortSignal;
  /** Ends it as a signal would. */
  end(): void;
  /** From now on a second Ctrl-C ends the process at once. */
  endAtOnceWhenAsked(): void;
}

/**
 * What asks this process to end, from now on to its end: Ctrl-C, a service manager, a terminal that has gone. They come in
 * any number and at any moment of the start, and none of them kills it: what is open is closed in order first.
 */
export function hearEndingSignals(): EndingSignals {
  const ending = new AbortController();
  const end = (): void => ending.abort(new Error('it is to end'));
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  process.on('SIGHUP', end);
  return {
    ended: ending.signal,
    end,
    endAtOnceWhenAsked: () => {
      process.on('SIGINT', () => process.exit(1));
    },
  };
}
