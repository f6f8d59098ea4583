import { expect, it } from "vitest";
import { createDrafts, formPlace, messagePlace } from "./drafts.ts";
import { browserStorage, memoryStorage } from "./storage.ts";

const place = formPlace("g", "restock.reject", "c1");

it("a draft survives a reload", () => {
  const storage = memoryStorage();
  createDrafts(storage, "mall:lin").set(place, "reason", "Too many");
  expect(createDrafts(storage, "mall:lin").of(place)).toEqual({ reason: "Too many" });
});

it("a draft is of one form, in one group, and of one person", () => {
  const storage = memoryStorage();
  createDrafts(storage, "mall:lin").set(place, "reason", "Too many");
  const drafts = createDrafts(storage, "mall:lin");
  expect(drafts.of(formPlace("g", "restock.reject", "c2"))).toEqual({});
  expect(drafts.of(formPlace("h", "restock.reject", "c1"))).toEqual({});
  expect(drafts.of(messagePlace("g"))).toEqual({});
  expect(createDrafts(storage, "brand:guo").of(place)).toEqual({});
});

it("what was sent leaves nothing behind", () => {
  const storage = memoryStorage();
  const drafts = createDrafts(storage, "mall:lin");
  drafts.set(place, "reason", "Too many");
  drafts.clear(place);
  expect(storage.read("junto:mall:lin:drafts")).toBeUndefined();
});

it("those who watch hear of each change, and of none when nothing changes", () => {
  const drafts = createDrafts(memoryStorage(), "mall:lin");
  let heard = 0;
  drafts.all.subscribe(() => heard++);
  drafts.set(place, "reason", "T");
  drafts.clear(place);
  drafts.clear(place);
  expect(heard).toBe(2);
});

it.each([3, null, [], { [place]: 3 }, { [place]: { reason: 3 } }])(
  "what is kept as %j is no draft",
  (kept) => {
    const storage = memoryStorage();
    storage.write("junto:mall:lin:drafts", kept);
    expect(createDrafts(storage, "mall:lin").of(place)).toEqual({});
  },
);

it("where nothing can be kept, drafts live as long as the page", () => {
  const full = browserStorage(() => {
    throw new Error("QuotaExceededError");
  });
  const drafts = createDrafts(full, "mall:lin");
  drafts.set(place, "reason", "Too many");
  expect(drafts.of(place)).toEqual({ reason: "Too many" });
});
