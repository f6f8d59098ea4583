// What the address says is looked at: `#/g/<id>` a group; nothing: none yet.
import { useMemo, useSyncExternalStore } from "react";

export type Route = { readonly page: "none" } | { readonly page: "group"; readonly id: string };

export function routeOf(hash: string): Route {
  const id = /^#\/g\/([^/]+)$/.exec(hash)?.[1];
  if (id === undefined) return { page: "none" };
  try {
    return { page: "group", id: decodeURIComponent(id) };
  } catch {
    return { page: "none" };
  }
}

export function hashOf(route: Route): string {
  return route.page === "group" ? `#/g/${encodeURIComponent(route.id)}` : "";
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
