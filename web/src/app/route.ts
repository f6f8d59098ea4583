// What the address says is looked at: `#/g/<id>` a group, `#/g/<id>/<seq>` a place in it; `#/inbox` what waits for me;
// nothing: none yet.
import { useMemo, useSyncExternalStore } from "react";

export type Route =
  { readonly page: "none" | "inbox" } | { readonly page: "group"; readonly id: string; readonly at?: number };

export function routeOf(hash: string): Route {
  if (hash === "#/inbox") return { page: "inbox" };
  const [, id, at] = /^#\/g\/([^/]+)(?:\/(\d{1,9}))?$/.exec(hash) ?? [];
  if (id === undefined) return { page: "none" };
  try {
    return { page: "group", id: decodeURIComponent(id), ...(at !== undefined && { at: Number(at) }) };
  } catch {
    return { page: "none" };
  }
}

export function hashOf(route: Route): string {
  if (route.page !== "group") return route.page === "inbox" ? "#/inbox" : "";
  return `#/g/${encodeURIComponent(route.id)}${route.at === undefined ? "" : `/${route.at}`}`;
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
