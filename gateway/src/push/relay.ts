// One subscription at a subgraph, and everyone here who gets the same of it: each event is joined once and written
// once, and given to all in the order in which it came.
import { JuntoError, type ErrorCode } from "../errors/index.ts";
import type { Making } from "../execute/engine.ts";
import type { FetchRequest, SubgraphAnswer, SubgraphError } from "../execute/fetch-request.ts";
import type { Upstream, UpstreamListener } from "../fetch/upstream.ts";
import type { Log } from "../observe/index.ts";
import { executionError } from "../shape/errors.ts";
import type { Follower } from "./follower.ts";
import type { Following } from "./following.ts";

export interface RelayParts {
  readonly source: (following: Following) => Promise<FetchRequest<Making>>;
  readonly open: (source: FetchRequest<Making>, listener: UpstreamListener) => Upstream;
  /** Equal keys: what a subscription to the one gives, one to the other does. */
  readonly keyOf: (source: FetchRequest<Making>) => string;
  /** An event of the subgraph as the followers get it. */
  readonly render: (following: Following, event: SubgraphAnswer) => Promise<string>;
  readonly organizationOf: (subgraph: string) => string;
  readonly log: Log;
}

/** Events under way at once. When as many are, the subgraph waits. */
const MOST_UNDER_WAY = 16;

export class Relay {
  #following: Following;
  readonly #parts: RelayParts;
  /** Resolves when everyone has the place that they should have: nothing is given before. */
  readonly #settled: () => Promise<void>;
  /** Called when it gives no more. */
  readonly #forget: (relay: Relay) => void;
  readonly #followers = new Set<Follower>();
  #upstream: Upstream | undefined;
  /** Of the upstream. */
  #key: string | undefined;
  #subgraph = "";
  #ended = false;
  #underWay = 0;
  /** Resolves when the upstream is the one for what is followed now. */
  #sourced: Promise<void>;
  #given: Promise<void> = Promise.resolve();

  constructor(
    following: Following,
    parts: RelayParts,
    settled: () => Promise<void>,
    forget: (relay: Relay) => void,
  ) {
    this.#following = following;
    this.#parts = parts;
    this.#settled = settled;
    this.#forget = forget;
    this.#sourced = this.#findSource();
  }

  add(follower: Follower): void {
    this.#followers.add(follower);
  }

  /** The subscription at the subgraph ends with the last one who follows. */
  remove(follower: Follower): void {
    this.#followers.delete(follower);
    if (this.#followers.size === 0) this.#close();
  }

  /**
   * The same in the graph that is in force now. When it asks the subgraph for what it did before, its subscription goes
   * on. Otherwise there is a new one, and the followers are told that events may have been missed.
   */
  renew(following: Following): void {
    this.#following = following;
    this.#sourced = this.#findSource();
  }

  async #findSource(): Promise<void> {
    const following = this.#following;
    try {
      const source = await this.#parts.source(following);
      if (this.#ended || following !== this.#following) return;
      const key = this.#parts.keyOf(source);
      if (key === this.#key) return;
      const another = this.#upstream;
      this.#key = key;
      this.#subgraph = source.subgraph;
      this.#upstream = this.#listenTo(source);
      if (!another) return;
      another.close();
      this.#inTurn(() => this.#give(this.#awayText()));
    } catch (error) {
      if (following === this.#following) this.#finish(this.#failure(error));
    }
  }

  #listenTo(source: FetchRequest<Making>): Upstream {
    const upstream: Upstream = this.#parts.open(source, {
      next: (event) => this.#take(event, () => upstream),
      away: (cause) => {
        this.#parts.log.warn(
          { subgraph: this.#subgraph, err: cause },
          "a subscription at a subgraph was lost",
        );
        this.#inTurn(() => this.#give(this.#awayText()));
      },
      end: (reason) => this.#inTurn(async () => this.#finish(this.#reasonOf(reason))),
    });
    return upstream;
  }

  #take(event: SubgraphAnswer, from: () => Upstream): void {
    this.#underWay += 1;
    if (this.#underWay === MOST_UNDER_WAY) this.#upstream?.pause();
    const text = this.#sourced
      .then(() => (from() === this.#upstream ? this.#parts.render(this.#following, event) : null))
      .catch((error: unknown) => this.#errorText(this.#failure(error)));
    this.#inTurn(async () => {
      const rendered = await text;
      if (rendered !== null) await this.#give(rendered);
      this.#underWay -= 1;
      if (this.#underWay === MOST_UNDER_WAY - 1) this.#upstream?.resume();
    });
  }

  async #give(text: string): Promise<void> {
    await this.#settled();
    for (const follower of this.#followers) follower.next(text);
  }

  #inTurn(step: () => Promise<void>): void {
    this.#given = this.#given
      .then(() => (this.#ended ? undefined : step()))
      .catch((error: unknown) => this.#finish(this.#failure(error)));
  }

  #finish(reason: "complete" | JuntoError): void {
    const followers = [...this.#followers];
    this.#close();
    for (const follower of followers) follower.finish(reason);
  }

  #close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#followers.clear();
    this.#upstream?.close();
    this.#forget(this);
  }

  #failure(error: unknown): JuntoError {
    const shown = JuntoError.from(error);
    if (shown.code === "INTERNAL") this.#parts.log.error({ err: error }, "a federated subscription failed");
    return shown;
  }

  /** What the subgraph said in its own words stays in the log. */
  #reasonOf(reason: "complete" | SubgraphError | JuntoError): "complete" | JuntoError {
    if (reason === "complete" || reason instanceof JuntoError) return reason;
    const subgraph = this.#subgraph;
    this.#parts.log.debug({ subgraph }, "a subgraph ended a subscription with an error");
    const { message, extensions } = executionError(
      { subgraph, path: [], everywhere: true, cause: reason },
      this.#parts.organizationOf,
    );
    const { code, ...details } = extensions as { code: ErrorCode };
    return new JuntoError(code, message, { details });
  }

  #awayText(): string {
    const details = { subgraph: this.#subgraph, organization: this.#parts.organizationOf(this.#subgraph) };
    return this.#errorText(
      new JuntoError(
        "SUBGRAPH_AWAY",
        "The organization's system went away. Events may have been missed, and may be until it is back.",
        { details },
      ),
    );
  }

  #errorText({ message, code, details }: JuntoError): string {
    return JSON.stringify({ data: null, errors: [{ message, extensions: { code, ...details } }] });
  }
}
