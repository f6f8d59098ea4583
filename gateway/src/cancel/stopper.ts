// How one part tells another that nobody waits any more. The little of AbortController that this needs, at a tenth of
// its cost: a signal goes along with every request.

/** Every AbortSignal is one. */
export interface StopSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export interface Stopper {
  readonly signal: StopSignal;
  stop(): void;
}

export function createStopper(): Stopper {
  return new OwnStopper();
}

class OwnStopper implements Stopper, StopSignal {
  aborted = false;
  /** Most have one or two. */
  #listeners: (() => void)[] = [];

  get signal(): StopSignal {
    return this;
  }

  addEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    const at = this.#listeners.lastIndexOf(listener);
    if (at >= 0) this.#listeners.splice(at, 1);
  }

  stop(): void {
    if (this.aborted) return;
    this.aborted = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
