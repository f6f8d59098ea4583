// Ends what is under way when the deadline passes or the client leaves.
import type { StopSignal } from "../cancel/stopper.ts";
import { Failure, type UnderWay } from "./exchange.ts";
import type { Time } from "./time.ts";

export const LEFT: Failure = new Failure("cancelled", "Nobody waits for the answer any more.");

/** Of one request, over all that is made for it, one thing after the other. */
export class Stop {
  /** The deadline, by the clock. */
  readonly at: number;
  /** From now on this is under way. */
  readonly watch: (underWay: UnderWay) => void;
  readonly #time: Time;
  readonly #signal: StopSignal | undefined;
  readonly #left: (() => void) | undefined;
  readonly #timer: unknown;
  #current: UnderWay | null = null;
  #over: Failure | null = null;

  constructor(at: number, time: Time, signal?: StopSignal) {
    this.at = at;
    this.#time = time;
    this.#signal = signal;
    this.watch = (underWay) => {
      this.#current = underWay;
      if (this.#over) underWay.abandon(this.#over);
    };
    this.#timer = time.setTimeout(
      () => this.#stop(new Failure("deadline", "The deadline has passed.")),
      at - time.now(),
    );
    if (signal) signal.addEventListener("abort", (this.#left = () => this.#stop(LEFT)));
  }

  /** Waits between two tries. Rejects with a Failure when it is stopped. */
  pause(milliseconds: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.#time.setTimeout(resolve, milliseconds);
      this.watch({
        abandon: (failure) => {
          this.#time.clearTimeout(timer);
          reject(failure);
        },
      });
    });
  }

  /** Lets go of the timer and the signal. */
  end(): void {
    this.#time.clearTimeout(this.#timer);
    if (this.#left) this.#signal!.removeEventListener("abort", this.#left);
  }

  #stop(failure: Failure): void {
    this.#over ??= failure;
    this.#current?.abandon(this.#over);
  }
}
