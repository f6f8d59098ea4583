import { expect, it } from "vitest";
import { formatDate, formatDay, formatMoney, formatNumber, formatTime } from "./format.ts";

it.each([
  [{ minor: 89_900, currency: "CNY" }, "en", "CN¥899"],
  [{ minor: 89_950, currency: "CNY" }, "zh-CN", "¥899.50"],
  [{ minor: 1_500, currency: "JPY" }, "en", "¥1,500"],
  [{ minor: -5, currency: "USD" }, "en", "-$0.05"],
  [{ minor: 1.5, currency: "USD" }, "en", null],
  [{ minor: 1, currency: "usd" }, "en", null],
  [{ minor: null, currency: "USD" }, "en", null],
  [899, "en", null],
])("%j in %s is %s", (money, locale, text) => {
  expect(formatMoney(money, locale)).toBe(text);
});

it("writes numbers with their separators, and without what arithmetic left behind", () => {
  expect(formatNumber(1_234.5, "en")).toBe("1,234.5");
  expect(formatNumber(0.1 + 0.2, "en")).toBe("0.3");
  expect(formatNumber(5, "en", 2)).toBe("5.00");
  expect(formatNumber("5", "en")).toBeNull();
});

it("writes instants where the group is, and days as the same day everywhere", () => {
  expect(formatDate("2026-11-20T18:30:00Z", "en", "Asia/Shanghai")).toBe("Nov 21, 2026");
  expect(formatTime("2026-11-20T18:30:00Z", "en", "Asia/Shanghai")).toMatch(/^Nov 21, 2026, 2:30\sAM$/);
  expect(formatDay("2026-11-20T00:00:00Z", "zh-CN")).toBe("2026年11月20日");
  for (const nonsense of ["soon", "2026-13-45", 5, null])
    expect(formatDate(nonsense, "en", "UTC")).toBeNull();
});

it("does not keep a format for every currency that data may name", () => {
  const letters = "ABCDEFGHIJ".split("");
  const names = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)));
  for (const currency of names)
    expect(formatMoney({ minor: 100, currency }, "en")).toContain(currency === "BHD" ? "0.1" : "1");
});
