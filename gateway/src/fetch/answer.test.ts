// What is taken of a subgraph's answer, and what is refused.
import { describe, expect, it } from "vitest";
import { checkAnswer, readAnswer } from "./answer.ts";

const read = (text: string) => readAnswer("Subgraph mall answered 200", text);

describe("an answer", () => {
  it.each([
    ["data", `{"data":{"a":1}}`, { data: { a: 1 } }],
    ["errors without data", `{"errors":[{"message":"no"}]}`, { data: null, errors: [{ message: "no" }] }],
    ["data that is no object", `{"data":[1]}`, { data: null }],
    ["errors that are no list", `{"data":null,"errors":"no"}`, { data: null }],
    [
      "errors of which some are none",
      `{"errors":[null,1,{"message":2}]}`,
      { data: null, errors: [{ message: "2" }] },
    ],
    [
      "an error with its path and extensions",
      `{"data":null,"errors":[{"message":"no","path":["a",0],"extensions":{"code":"X"},"secret":1}]}`,
      { data: null, errors: [{ message: "no", path: ["a", 0], extensions: { code: "X" } }] },
    ],
    [
      "a path that is none",
      `{"errors":[{"message":"no","path":["a",{"b":1}],"extensions":[]}]}`,
      { data: null, errors: [{ message: "no" }] },
    ],
    ["nothing else", `{"data":{},"extensions":{"trace":"x"}}`, { data: {} }],
  ])("holds %s", (_what, text, answer) => {
    expect(read(text)).toEqual(answer);
  });

  it("holds a thousand errors at most", () => {
    const errors = Array.from({ length: 1_500 }, (_, index) => ({ message: String(index) }));
    expect(checkAnswer("it", { errors }).errors).toHaveLength(1_000);
  });

  it.each([
    ["not JSON", "<html>canary</html>", /^Subgraph mall answered 200 with something that is not JSON\.$/],
    ["cut off", `{"data":{"a":"canary`, /not JSON/],
    ["empty", "", /not JSON/],
    ["a list", `[{"data":{}}]`, /not GraphQL/],
    ["a number", "1", /not GraphQL/],
    ["null", "null", /not GraphQL/],
    ["without data and errors", `{"message":"canary"}`, /not GraphQL/],
    ["with data in its prototype only", `{"__proto__":{"data":{}}}`, /not GraphQL/],
  ])("that is %s is none, and nothing of it is quoted", (_what, text, message) => {
    const refused = () => read(text);
    expect(refused).toThrow(message);
    expect(refused).not.toThrow(/canary/);
  });
});
