// The little of AbortSignal that fetching needs. Every AbortSignal is one; the gateway's own cost far less.

export interface StopSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export interface Stopper {
  readonly signal: StopSignal;
  stop(): void;
}

/** For one listener at a time: the request that is to be stopped. */
export function createStopper(): Stopper {
  let aborted = false;
  let listening: (() => void) | null = null;
  return {
    signal: {
      get aborted() {
        return aborted;
      },
      addEventListener(_type, listener) {
        listening = listener;
      },
      removeEventListener(_type, listener) {
        if (listening === listener) listening = null;
      },
    },
    stop() {
      aborted = true;
      listening?.();
    },
  };
}
