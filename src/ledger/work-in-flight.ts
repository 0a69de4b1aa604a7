/**
 * Told what other threads have been asked and have not answered yet: the bench's time stands still until there is none, so
 * that how soon a thread gets its turn on a busy machine is not part of what the bench shows.
 */
export interface WorkInFlight {
  began(): void;
  ended(count: number): void;
}
