import { expect, it } from "vitest";
import { together } from "./together.ts";

/** Answers when it is told to. */
function asked() {
  const questions: { readonly about: string; answer(value: number): void; fail(error: Error): void }[] = [];
  const ask = together(
    (about: string) => new Promise<number>((answer, fail) => void questions.push({ about, answer, fail })),
  );
  return { questions, ask };
}

it("asks once for all who come while the same is being asked, and not before it is answered", async () => {
  const { questions, ask } = asked();
  const first = ask("a");
  const later = Array.from({ length: 100 }, () => ask("a"));
  expect(questions).toHaveLength(1);
  questions[0]!.answer(1);
  expect(await first).toBe(1);
  await expect.poll(() => questions.length).toBe(2);
  questions[1]!.answer(2);
  expect(new Set(await Promise.all(later))).toEqual(new Set([2]));
});

it("never gives an answer that was begun before one came", async () => {
  const { questions, ask } = asked();
  void ask("a");
  const second = ask("a");
  questions[0]!.answer(1);
  await expect.poll(() => questions.length).toBe(2);
  const third = ask("a");
  questions[1]!.answer(2);
  expect(await second).toBe(2);
  await expect.poll(() => questions.length).toBe(3);
  questions[2]!.answer(3);
  expect(await third).toBe(3);
});

it("asks about different things side by side, and anew when nobody waits", async () => {
  const { questions, ask } = asked();
  const both = [ask("a"), ask("b")];
  expect(questions.map(({ about }) => about)).toEqual(["a", "b"]);
  questions[0]!.answer(1);
  questions[1]!.answer(2);
  expect(await Promise.all(both)).toEqual([1, 2]);
  void ask("a");
  expect(questions).toHaveLength(3);
});

it("fails for whom it fails, and asks again for those who came meanwhile", async () => {
  const { questions, ask } = asked();
  const first = ask("a");
  const second = ask("a");
  questions[0]!.fail(new Error("no database"));
  await expect(first).rejects.toThrow("no database");
  await expect.poll(() => questions.length).toBe(2);
  questions[1]!.answer(2);
  expect(await second).toBe(2);
});
