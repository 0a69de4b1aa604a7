// Watches an emulated board from outside: how long each call of one function and each run of an interrupt took.

/** Taking an interrupt, and the jump in the vector table, before its handler's first instruction (datasheet 7.7.1 and 12.1). */
const INTERRUPT_ENTRY_CYCLES = 4 + 3;

export class CallTimes {
  longestPoll = 0;
  #board;
  #watched = new Map();
  #longest = new Map();
  #inInterruptsCycles = 0;

  /** Byte addresses of the function, and of handlers by what they are for. */
  constructor(board, functionAddress, interrupts) {
    this.#board = board;
    this.#always(functionAddress, () => this.#call());
    for (const [what, address] of interrupts) this.#always(address, () => this.#interrupt(what));
  }

  longestInterrupts() {
    return Object.fromEntries(this.#longest);
  }

  get #cycles() {
    return this.#board.machine.cpu.cycles;
  }

  /** Net of the interrupts in it. */
  #call() {
    const began = this.#cycles;
    const apartBefore = this.#inInterruptsCycles;
    this.#onceReturned(() => {
      const net = this.#cycles - began - (this.#inInterruptsCycles - apartBefore);
      this.longestPoll = Math.max(this.longestPoll, net);
    });
  }

  #interrupt(what) {
    const began = this.#cycles - INTERRUPT_ENTRY_CYCLES;
    this.#onceReturned(() => {
      const took = this.#cycles - began;
      this.#inInterruptsCycles += took;
      this.#longest.set(what, Math.max(this.#longest.get(what) ?? 0, took));
    });
  }

  /** At a function's first instruction the return address, in words, is on the stack, its high byte first. */
  #onceReturned(run) {
    const { data, SP } = this.#board.machine.cpu;
    const address = 2 * ((data[SP + 1] << 8) | data[SP + 2]);
    this.#watch(address, run, true);
  }

  #always(address, run) {
    this.#watch(address, run, false);
  }

  #watch(address, run, isOnce) {
    const watchers = this.#watched.get(address) ?? new Set();
    this.#watched.set(address, watchers);
    const watcher = { run, isOnce };
    // An interrupt comes back to where it came from before that goes on.
    this.#watched.set(address, new Set([watcher, ...watchers]));
    this.#arm(address);
  }

  #arm(address) {
    this.#board.breakpointOnce(address, () => {
      const watchers = [...(this.#watched.get(address) ?? [])];
      this.#watched.set(address, new Set(watchers.filter(({ isOnce }) => !isOnce)));
      for (const { run } of watchers) run();
      if ((this.#watched.get(address)?.size ?? 0) > 0) this.#arm(address);
    });
  }
}
