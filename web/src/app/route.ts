// What the address says is looked at: `#/g/<id>` a group, `#/g/<id>/<seq>` a place in it; `#/inbox` what waits for me;
// `#/sharing` what one's organization shares, `#/sharing/asked` and `#/sharing/log` its other parts; nothing: none yet.
import { useMemo, useSyncExternalStore } from "react";

export const SHARING_PARTS = ["grants", "asked", "log"] as const;
export type SharingPart = (typeof SHARING_PARTS)[number];

export type Route =
  | { readonly page: "none" | "inbox" }
  | { readonly page: "group"; readonly id: string; readonly at?: number }
  | { readonly page: "sharing"; readonly part: SharingPart };

export function routeOf(hash: string): Route {
  if (hash === "#/inbox") return { page: "inbox" };
  const part = SHARING_PARTS.find((each) => hash === hashOf({ page: "sharing", part: each }));
  if (part) return { page: "sharing", part };
  const [, id, at] = /^#\/g\/([^/]+)(?:\/(\d{1,9}))?$/.exec(hash) ?? [];
  if (id === undefined) return { page: "none" };
  try {
    return { page: "group", id: decodeURIComponent(id), ...(at !== undefined && { at: Number(at) }) };
  } catch {
    return { page: "none" };
  }
}

export function hashOf(route: Route): string {
  if (route.page === "group")
    return `#/g/${encodeURIComponent(route.id)}${route.at === undefined ? "" : `/${route.at}`}`;
  if (route.page === "sharing") return route.part === "grants" ? "#/sharing" : `#/sharing/${route.part}`;
  return route.page === "inbox" ? "#/inbox" : "";
}

export function go(route: Route): void {
  location.hash = hashOf(route);
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (listener) => {
      addEventListener("hashchange", listener);
      return () => removeEventListener("hashchange", listener);
    },
    () => location.hash,
  );
  return useMemo(() => routeOf(hash), [hash]);
}
