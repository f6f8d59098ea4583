// What must be known before anything is shown: how the gateway is set up, and whether somebody comes back from signing in.
import { finishSignIn } from "../auth/oidc.ts";
import { createSession, type SessionTokens } from "../auth/session.ts";
import { loadConfig, type ClientConfig } from "./config.ts";
import type { SignInProps } from "./sign-in.tsx";

export interface Booted {
  readonly kind: "ready";
  readonly config: ClientConfig;
  readonly tokens: SessionTokens;
  readonly note: SignInProps["note"];
}

/** Once, whatever React does: a code is good once. */
let booting: Promise<Booted> | undefined;

export function boot(): Promise<Booted> {
  booting ??= (async () => {
    const config = await loadConfig();
    const tokens = createSession(config.clientId);
    try {
      const session = await finishSignIn(config.clientId);
      if (session) tokens.start(session);
      return { kind: "ready", config, tokens, note: null } as const;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { kind: "ready", config, tokens, note: { kind: "failed", why } } as const;
    }
  })();
  return booting;
}
