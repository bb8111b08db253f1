/** What a run is doing at the moment, and how its registrations ended. */
export class UnderWay {
  readonly #all = new Set<Promise<unknown>>();
  readonly #registrations = new Map<string, Promise<boolean>>();

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

  /** As track, for a registration, which others can wait for. It failed where it came to no state. */
  register<T extends { readonly state?: unknown }>(urn: string, work: () => Promise<T>): Promise<T> {
    const registration = this.track(work);
    const outcome = registration.then(
      ({ state }) => state !== undefined,
      () => false,
    );
    this.#registrations.set(urn, outcome);
    return registration;
  }

  /** The first of these resources of which the registration failed, when all before it have ended. */
  async firstFailed(urns: readonly string[]): Promise<string | undefined> {
    for (const urn of urns) {
      if (!(await this.#registrations.get(urn))) return urn;
    }
    return undefined;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#all.size > 0) await Promise.allSettled([...this.#all]);
  }
}
