/** Steps of one machine: what follows a step that failed is not tried, and says so instead of waiting for what cannot come. */
export class Steps {
  #failed: string | null = null;

  step(title: string, run: () => Promise<void>): () => Promise<void> {
    return async () => {
      if (this.#failed !== null) throw new Error(`not tried, because this failed: ${this.#failed}`);
      try {
        await run();
      } catch (error) {
        this.#failed = title;
        throw error;
      }
    };
  }
}
