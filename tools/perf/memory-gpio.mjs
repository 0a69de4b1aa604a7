// A host's GPIO lines in memory, and a changeover relay on two of them, for a gateway that is measured where there are none.

const MOVES_AFTER_MS = 4;

export class MemoryGpio {
  constructor({ coil, feedback }) {
    this.names = Array.from({ length: 28 }, (_, offset) => `GPIO${offset}`);
    this.levels = this.names.map(() => 0);
    this.coil = this.names.indexOf(coil);
    this.feedback = this.names.indexOf(feedback);
  }

  paths() {
    return ['/dev/gpiochip0'];
  }

  open(path) {
    return {
      path,
      label: 'memory',
      lineCount: this.names.length,
      info: (offset) => ({ name: this.names[offset], consumer: '', isUsed: false, isOutput: false }),
      request: (offset, request) => {
        if (request.direction === 'output') this.#set(offset, request.level);
        return { get: () => this.levels[offset], set: (level) => this.#set(offset, level), release: () => undefined };
      },
      close: () => undefined,
    };
  }

  #set(offset, level) {
    this.levels[offset] = level;
    if (offset !== this.coil) return;
    // For who measures a takeover from outside: the moment by the clock that all processes of a machine share.
    console.log(`relay ${level} ${process.hrtime.bigint() / 1000n}`);
    setTimeout(() => {
      this.levels[this.feedback] = level;
    }, MOVES_AFTER_MS);
  }
}
