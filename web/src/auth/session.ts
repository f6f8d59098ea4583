// Who is signed in, in this tab: the tokens of their organization's issuer. They are kept as long as the tab.
import { AskError, browserStorage, createStore, type Tokens, type Watched } from "../junto/index.ts";
import { refresh, type Session } from "./oidc.ts";

export interface SessionTokens extends Tokens {
  readonly session: Watched<Session | null>;
  start(session: Session): void;
  end(): void;
}

const KEY = "junto:session";
/** A token that ends while the question is on its way is asked for anew before. */
const MARGIN = 20_000;

export function createSession(clientId: string): SessionTokens {
  const storage = browserStorage(() => sessionStorage);
  const session = createStore<Session | null>((storage.read(KEY) as Session | undefined) ?? null);
  let renewing: Promise<string> | undefined;

  function start(next: Session | null): void {
    storage.write(KEY, next ?? undefined);
    session.set(next);
  }

  function renewed(): Promise<string> {
    renewing ??= renew().finally(() => (renewing = undefined));
    return renewing;
  }

  async function renew(): Promise<string> {
    const known = session.get();
    if (!known?.refreshToken) return signedOut();
    const next = await refresh(known, clientId);
    if (next === "refused") return signedOut();
    start(next);
    return next.accessToken;
  }

  function signedOut(): never {
    start(null);
    throw new AskError("SIGNED_OUT", "Nobody is signed in.");
  }

  return {
    session,
    start,
    end: () => start(null),
    async current() {
      const known = session.get();
      if (!known) return signedOut();
      const isOver = known.expiresAt !== undefined && known.expiresAt - MARGIN < Date.now();
      return isOver && known.refreshToken ? renewed() : known.accessToken;
    },
    async renew(refused) {
      const known = session.get();
      return known && known.accessToken !== refused ? known.accessToken : renewed();
    },
  };
}
