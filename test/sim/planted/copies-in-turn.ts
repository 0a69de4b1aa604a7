import { PlantedCopy } from './planted-copy.js';

/** A few copies of the program, each lent to one bug at a time: so many bugs are looked for side by side. */
export class CopiesInTurn {
  readonly #all: readonly PlantedCopy[];
  readonly #free: PlantedCopy[];
  readonly #waiting: ((copy: PlantedCopy) => void)[] = [];

  constructor(count: number) {
    this.#all = Array.from({ length: count }, () => new PlantedCopy());
    this.#free = [...this.#all];
  }

  async lend<Result>(use: (copy: PlantedCopy) => Promise<Result>): Promise<Result> {
    const copy = this.#free.pop() ?? (await new Promise<PlantedCopy>((resolve) => this.#waiting.push(resolve)));
    try {
      return await use(copy);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(copy);
      else next(copy);
    }
  }

  remove(): void {
    for (const copy of this.#all) copy.remove();
  }
}
