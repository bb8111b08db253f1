/** What a run is doing at the moment. */
export class UnderWay {
  readonly #all = new Set<Promise<unknown>>();

  /** Does something, which then is under way until it ends. */
  async track<T>(work: () => Promise<T>): Promise<T> {
    const running = work();
    this.#all.add(running);
    try {
      return await running;
    } finally {
      this.#all.delete(running);
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#all.size > 0) await Promise.allSettled([...this.#all]);
  }
}
