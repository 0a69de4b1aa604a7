/** Who is connected, and what was refused, since the start. */
export interface ClientCounts {
  readonly open: number;
  /** More are not taken at a time. */
  readonly most: number;
  /** All there were. */
  readonly connections: number;
  /** Not taken, because all the others were at work. */
  readonly refusedConnections: number;
  /** Idle ones that were ended so that a new one could be taken. */
  readonly gaveWay: number;
  /** Cut off because they did not read their answers. */
  readonly cutOff: number;
  /** That the system could not give us. */
  readonly notTaken: number;
  /** Requests, whatever their framing. */
  readonly lines: number;
  /** Of them those that are none. */
  readonly badLines: number;
  /** Inputs asked again while they were in work. */
  readonly askedAgain: number;
  /** Inputs that the pair did not take. */
  readonly refusedInputs: number;
  /** Modbus on a line: answers that came too late, and would have been taken for those to another request. */
  readonly withheldAnswers: number;
}

export const NO_CLIENTS: ClientCounts = {
  ...{ open: 0, most: 0, connections: 0, refusedConnections: 0, gaveWay: 0, cutOff: 0, notTaken: 0 },
  ...{ lines: 0, badLines: 0, askedAgain: 0, refusedInputs: 0, withheldAnswers: 0 },
};

/** Of all upstreams together. */
export function sumOfClients(all: readonly ClientCounts[]): ClientCounts {
  const sum: Record<string, number> = { ...NO_CLIENTS };
  for (const counts of all) for (const [name, value] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + value;
  return { ...NO_CLIENTS, ...sum };
}
