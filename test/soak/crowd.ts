// A bounded number of tasks at a time.

/** See the head of this file. */
export class Crowd {
  readonly #most: number;
  readonly #tasks = new Set<Promise<void>>();
  #failed: { readonly error: unknown } | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  /** Adds a task that has begun. */
  add(task: Promise<void>): void {
    const added = task
      .catch((error: unknown) => (this.#failed ??= { error }))
      .then(() => {
        this.#tasks.delete(added);
      });
    this.#tasks.add(added);
  }

  /** Waits until there is room for one more. Throws what a task has thrown. */
  async room(): Promise<void> {
    while (this.#tasks.size >= this.#most) await Promise.race(this.#tasks);
    this.#throwFailure();
  }

  /** Waits for all tasks. Throws what a task has thrown. */
  async gone(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.race(this.#tasks);
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failed) throw this.#failed.error;
  }
}
