// So many at once, and what was given back can be taken again.
import { expect, it } from "vitest";
import { createQuota } from "./quota.ts";

it("a quota is each person's own, and is given back once", () => {
  const quota = createQuota(2);
  const first = quota.take("lin")!;
  quota.take("lin")!;
  expect(quota.take("lin")).toBeNull();
  expect(quota.take("guo")).not.toBeNull();
  first();
  first();
  expect(quota.take("lin")).not.toBeNull();
  expect(quota.take("lin")).toBeNull();
});
