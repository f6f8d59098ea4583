// The audit of the specification GraphQL over HTTP, made by others, at the real door by somebody who is signed in.
// https://github.com/graphql/graphql-http#audits
import { auditServer } from "graphql-http";
import { describe, expect, it } from "vitest";
import { openShop } from "../security/open-shop.ts";

const { doors } = await openShop({});

describe("the audit of GraphQL over HTTP", () => {
  it("finds nothing to fail, to warn of or to note", async () => {
    const results = await auditServer({
      url: `${doors.url}/graphql`,
      fetchFn: (url: string, init: RequestInit = {}) =>
        fetch(url, {
          ...init,
          headers: {
            ...(init.headers as Record<string, string>),
            authorization: "Bearer shop:ann",
            // What the audit's own client cannot know: a GET needs a header that pages of other sites cannot send.
            ...((init.method ?? "GET") === "GET" && { "graphql-require-preflight": "1" }),
          },
        }),
    });
    expect(results.length).toBeGreaterThan(60);
    const problems = results.flatMap((result) =>
      result.status === "ok" ? [] : [`${result.id} ${result.status}: ${result.name}: ${result.reason}`],
    );
    expect(problems).toEqual([]);
  });
});
