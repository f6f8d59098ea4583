import { describe, expect, it } from "vitest";
import { escapeMarkdown, httpAddress, unsafeLinks } from "./markdown.ts";

describe("data in a Markdown text", () => {
  it.each([
    ["a link", "[free shoes](https://evil.example)", "\\[free shoes\\](https://evil.example)"],
    ["an image", "![x](javascript:alert(1))", "!\\[x\\](javascript:alert(1))"],
    ["HTML", "<img src=x onerror=alert(1)>", "\\<img src=x onerror=alert(1)>"],
    ["an autolink", "<https://evil.example>", "\\<https://evil.example>"],
    ["emphasis", "**now** _only_ ~~today~~", "\\*\\*now\\*\\* \\_only\\_ \\~\\~today\\~\\~"],
    ["code", "`rm`", "\\`rm\\`"],
    ["an escape", "\\[x\\](y)", "\\\\\\[x\\\\\\](y)"],
    ["an entity", "&#91;x&#93;", "\\&#91;x\\&#93;"],
    ["a heading", "# Sale", "\\# Sale"],
    ["a list", "- one\n* two\n3. three\n4) four", "\\- one\n\\* two\n3\\. three\n4\\) four"],
    ["a quotation", "> said", "\\> said"],
    ["a rule, or a heading by underline", "Sale\n===\n---", "Sale\n\\===\n\\---"],
    ["code by indentation", "a\n    b", "a\nb"],
    ["the card format's own dates", "{{DATE(2026-11-20T00:00:00Z)}}", "\\{{DATE(2026-11-20T00:00:00Z)}}"],
    ["a line end of another kind", "a\u2028# b\r# c", "a\n\\# b\n\\# c"],
  ])("%s stays as it is written", (_, data, escaped) => {
    expect(escapeMarkdown(data)).toBe(escaped);
  });

  it.each(["BL2481-38", "-5", "3.5", "C&A", "2026-11-20", "林静 (mall)", "12%", "#1", "1,234.5"])(
    "%s needs no escape",
    (data) => {
      expect(escapeMarkdown(data)).toBe(data);
    },
  );
});

describe("links that an app writes", () => {
  it.each(["[a](https://mall.example/x)", "no link", "[a] (b)"])("%s is fine", (words) => {
    expect(unsafeLinks(words)).toEqual([]);
  });

  it.each(["[a](javascript:alert(1))", "[a](", "[a]({where})", "[a](https://{host}/)", "[a](/path)"])(
    "%s is not",
    (words) => {
      expect(unsafeLinks(words)).toHaveLength(1);
    },
  );
});

describe("addresses", () => {
  it.each([
    ["https://pictures.example/a.png", "https://pictures.example/a.png"],
    ["http://127.0.0.1:4100/a b", "http://127.0.0.1:4100/a%20b"],
    ["javascript:alert(1)", null],
    ["data:text/html,x", null],
    ["//evil.example/a", null],
    ["https://user:word@evil.example/", null],
    [" \u0001javascript:alert(1)", null],
    [12, null],
  ])("%s ▸ %s", (value, address) => {
    expect(httpAddress(value)).toBe(address);
  });
});
