/** What a board's HELLO says that a person may want to know. */
export interface HelloFacts {
  readonly unit: number;
  /** Null: the board cannot tell, of this or of the next. */
  readonly imageHash: number | null;
  readonly session: number;
  readonly boot: number | null;
  readonly resetCause: string;
  readonly failed: boolean;
}

/** `unit 4f1c22aa, image 9a3e0177, in session 3, last reset by power`. */
export function helloText({ unit, imageHash, session, resetCause, failed }: HelloFacts): string {
  const parts = [
    unit === 0 ? 'it cannot tell its unit' : `unit ${hex(unit)}`,
    imageHash === null ? 'it cannot tell its image' : `image ${hex(imageHash)}`,
    session === 0 ? 'in no session' : `in session ${session}`,
    `last reset: ${resetCause}`,
    ...(failed ? ['it has shut itself down'] : []),
  ];
  return parts.join(', ');
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
