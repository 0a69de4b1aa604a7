/** The gateway's end of the channel to the world: `process` of a forked child has it. */
export interface WorldChannel {
  send?(message: object): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  off?(event: 'message', listener: (message: unknown) => void): unknown;
}
