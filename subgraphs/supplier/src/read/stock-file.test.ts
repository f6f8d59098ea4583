import * as XLSX from "@e965/xlsx";
import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { isStockFile, MAX_FILE_SIZE, readStockFile, type Reading } from "./stock-file.ts";

type Value = string | number | boolean | null | XLSX.CellObject;
interface Page {
  readonly name?: string;
  readonly rows: readonly (readonly Value[])[];
  readonly merges?: readonly string[];
  readonly hidden?: boolean;
}

const HEADINGS = ["货号", "品名", 37, 38, 39, "合计", "交期(天)", "备注"];
const BL2481 = ["BL2481", "乐福鞋", 14, 6, 5, 25, 5, null];

describe("a sheet as a clerk keeps it", () => {
  const asUsual = { "BL2481-37": 14, "BL2481-38": 6, "BL2481-39": 5, BL2481: { pairs: 25, leadDays: 5 } };

  it.each<[string, Page]>([
    ["is read", { rows: [HEADINGS, BL2481] }],
    [
      "has a merged title above",
      { rows: [["库存表"], ["2026"], [], HEADINGS, BL2481], merges: ["A1:H1", "A2:H2"] },
    ],
    ["has stray empty rows", { rows: [HEADINGS, [], [null, " ", "　"], BL2481, []] }],
    ["has its totals at the end", { rows: [HEADINGS, BL2481, ["合计", null, 14, 6, 5, 25]] }],
    ["has its totals under another column", { rows: [HEADINGS, BL2481, [null, "总 计：", 14, 6, 5, 25]] }],
    ["has a remark at the end", { rows: [HEADINGS, BL2481, ["注：断码请电话确认"]] }],
    ["has its headings on every page", { rows: [HEADINGS, BL2481, HEADINGS] }],
    [
      "calls its columns otherwise",
      {
        rows: [
          ["款号", 37, 38, 39, "交货天数"],
          ["BL2481", 14, 6, 5, 5],
        ],
      },
    ],
    [
      "speaks English",
      {
        rows: [
          ["Style No.", "37", "38", "39", "Lead days"],
          ["BL2481", 14, 6, 5, 5],
        ],
      },
    ],
    [
      "has its columns in another order",
      {
        rows: [
          [39, "交 期", 37, "款号", 38],
          [5, 5, 14, "BL2481", 6],
        ],
      },
    ],
    [
      "has sizes as text",
      {
        rows: [
          ["货号", "37码", "ＥＵ３８", "39#", "交期（天）"],
          ["BL2481", 14, 6, 5, 5],
        ],
      },
    ],
    ["has numbers as text", { rows: [HEADINGS, ["BL2481 ", "", "１４", " 6", "5双", "25", "5天"]] }],
    [
      "has headings over two rows",
      {
        rows: [
          ["货号", "尺码", null, null, "库存", "交期"],
          [null, 37, 38, 39],
          ["BL2481", 14, 6, 5, 25, 5],
        ],
        merges: ["A1:A2", "B1:D1", "E1:E2", "F1:F2"],
      },
    ],
    [
      "is long, a row for each size",
      {
        rows: [
          ["款号", "尺码", "数量", "交期"],
          ["BL2481", 37, 14, 5],
          ["BL2481", 38, 6, 5],
          ["BL2481", "39码", "5", 4],
        ],
      },
    ],
    [
      "is long, with the style number merged",
      {
        rows: [
          ["款号", "尺码", "数量", "交期"],
          ["BL2481", 37, 14, 5],
          [null, 38, 6],
          [null, 39, 5],
        ],
        merges: ["A2:A4", "D2:D4"],
      },
    ],
    [
      "has a style in two warehouses, its number merged",
      {
        rows: [HEADINGS, ["BL2481", "乐福鞋", 10, 6, null, 16, 5], [null, null, 4, 0, 5, 9]],
        merges: ["A2:A3", "B2:B3", "G2:G3"],
      },
    ],
    [
      "has a style in two warehouses, its number not repeated",
      {
        rows: [
          ["货号", "仓库", 37, 38, 39, "交期"],
          ["BL2481", "主仓", 10, 6, null, 5],
          [null, "二仓", 4, 0, 5, 3],
        ],
      },
    ],
    [
      "has subtotals within a merged style",
      {
        rows: [
          ["货号", "仓库", 37, 38, 39, "交期"],
          ["BL2481", "主仓", 10, 6, 0, 5],
          [null, "二仓", 4, 0, 5],
          [null, "小计", 14, 6, 5],
        ],
        merges: ["A2:A4"],
      },
    ],
    [
      "has formulas: their stored values count",
      {
        rows: [
          HEADINGS,
          ["BL2481", "", { t: "n", v: 14, f: "10+4" }, 6, 5, { t: "n", v: 25, f: "SUM(C2:E2)" }, 5],
        ],
      },
    ],
    [
      "has headings that are names of JavaScript",
      {
        name: "__proto__x",
        rows: [
          ["__proto__", "货号", "constructor", 37, 38, 39, "交期", "toString"],
          ["x", "BL2481", 9, 14, 6, 5, 5],
        ],
      },
    ],
  ])("%s", (_, page) => {
    const { rows, problems } = read(page);
    expect(problems).toEqual([]);
    expect(flat(rows)).toEqual(asUsual);
  });

  it("says nothing of a size whose cell is empty", () => {
    const { rows } = read({ rows: [HEADINGS, ["BL2481", "", null, 6, "-", 6, 5]] });
    expect(flat(rows)).toEqual({ BL2481: { pairs: 6, leadDays: 5 }, "BL2481-38": 6 });
  });

  it("says nothing of a style whose cells are all empty", () => {
    expect(flat(read({ rows: [HEADINGS, ["BL2481", "已下架"]] }).rows)).toEqual({
      BL2481: { pairs: null, leadDays: null },
    });
  });
});

describe("a row that says something impossible", () => {
  const other = ["BL2482", "靴", 1, 2, 3, 6, 9, null];

  it.each<[string, Value, string]>([
    ["a negative quantity", -2, "is negative"],
    ["words", "问小李", "is not a number"],
    ["half a pair", 0.5, "is not a whole number"],
    ["an error", { t: "e", v: 0x17 }, "is an error of the spreadsheet"],
  ])("is left out and reported, the others are kept: %s", (_, value, reason) => {
    const { rows, problems } = read({
      rows: [["库存"], HEADINGS, ["BL2481", "", 14, value, 5, 25, 5], other],
    });
    expect(problems).toEqual([
      {
        file: "a.xlsx",
        sheet: "库存",
        row: 3,
        reason: `quantity of size 38 ${reason}: the row of BL2481 is left out`,
      },
    ]);
    expect(flat(rows)).toEqual({
      BL2481: { pairs: null, leadDays: 5 },
      "BL2481-37": null,
      "BL2481-38": null,
      "BL2481-39": null,
      BL2482: { pairs: 6, leadDays: 9 },
      "BL2482-37": 1,
      "BL2482-38": 2,
      "BL2482-39": 3,
    });
  });

  it("is left out when it has a formula that was never computed", () => {
    const cell: Value = { t: "n", v: 4711, f: "VLOOKUP(A2,X:Y,2)" };
    const bytes = withSheetXml(workbook([{ rows: [HEADINGS, ["BL2481", "", 14, cell, 5]] }]), (xml) =>
      xml.replace("<v>4711</v>", ""),
    );
    const { rows, problems } = readStockFile("a.xlsx", bytes);
    expect(problems[0]?.reason).toBe(
      "quantity of size 38 is a formula without a value: the row of BL2481 is left out",
    );
    expect(flat(rows)).toMatchObject({ BL2481: { pairs: null } });
  });

  it("makes the sum over two warehouses unknown, not smaller", () => {
    const rows = [
      ["货号", "仓库", 38],
      ["BL2481", "主仓", 6],
      ["BL2481", "二仓", "?"],
    ];
    expect(flat(read({ rows }).rows)).toEqual({ BL2481: { pairs: null, leadDays: null }, "BL2481-38": null });
  });

  it.each<[string, readonly Value[], string]>([
    ["no style number", [null, "靴", 1, 2, 3], "has quantities, but no style number that is one"],
    ["a wrong style number", ["BL24810", "靴", 1, 2, 3], "has quantities, but no style number that is one"],
    [
      "a lead time in words",
      ["BL2482", "靴", 1, 2, 3, 6, "下周"],
      "lead time is not a number of days: it is left out",
    ],
    ["a style that was there", [...BL2481], "has BL2481 again: this row counts, the one above does not"],
  ])("is reported: %s", (_, row, reason) => {
    const { problems } = read({ rows: [HEADINGS, BL2481, row] });
    expect(problems).toEqual([{ file: "a.xlsx", sheet: "库存", row: 3, reason }]);
  });

  it("does not add up a style that is there twice", () => {
    const { rows } = read({ rows: [HEADINGS, BL2481, ["BL2481", "", 1, 1, 1, 3, 4]] });
    expect(flat(rows)).toMatchObject({ BL2481: { pairs: 3 }, "BL2481-38": 1 });
  });

  it("in a long sheet loses that size only, and the product's sum", () => {
    const { rows, problems } = read({
      rows: [
        ["款号", "尺码", "数量"],
        ["BL2481", 37, 14],
        ["BL2481", 38, -6],
        ["BL2482", "均码", 3],
        ["BL2482", 38, 2],
      ],
    });
    expect(flat(rows)).toEqual({
      BL2481: { pairs: null, leadDays: null },
      "BL2481-37": 14,
      "BL2481-38": null,
      BL2482: { pairs: null, leadDays: null },
      "BL2482-38": 2,
    });
    expect(problems.map(({ row, reason }) => `${row}: ${reason}`)).toEqual([
      "3: quantity of BL2481-38 is negative: the row is left out",
      "4: size of BL2482 is not a size: the row is left out",
    ]);
  });

  it("is reported without the figures in it", () => {
    const { problems } = read({
      rows: [HEADINGS, ["BL2481", "", "canary-4711", 6, 5], ["canary-4712", "", 4713]],
    });
    expect(problems).toHaveLength(2);
    expect(JSON.stringify(problems)).not.toContain("47");
  });
});

describe("a workbook", () => {
  it("may have sheets of notes, hidden sheets and several sheets of stock", () => {
    const { rows, problems } = read(
      { name: "说明", rows: [["请勿修改货号"], ["35-40", "女码"]] },
      { name: "女鞋", rows: [HEADINGS, BL2481] },
      { name: "去年", rows: [HEADINGS, ["BL2481", "", 99, 99, 99, 297, 9]], hidden: true },
      {
        name: "男鞋",
        rows: [
          ["款号", 42],
          ["AK0001", 3],
        ],
      },
    );
    expect(problems).toEqual([]);
    expect(flat(rows)).toMatchObject({ BL2481: { pairs: 25 }, AK0001: { pairs: 3 } });
  });

  it("may be of the older format, under either name", () => {
    const bytes = XLSX.write(bookOf([{ rows: [HEADINGS, BL2481] }]), {
      type: "buffer",
      bookType: "biff8",
    }) as Buffer;
    for (const name of ["a.xls", "a.XLS", "a.xlsx"]) {
      expect(flat(readStockFile(name, bytes).rows)).toMatchObject({ "BL2481-38": 6 });
    }
  });

  it("may be merged over whole columns", () => {
    const { rows } = read({ rows: [[...HEADINGS, "印章"], BL2481], merges: ["I1:XFD1048576"] });
    expect(flat(rows)).toMatchObject({ "BL2481-38": 6 });
  });

  it("may have rows that are only formatted, as many as there can be", () => {
    const bytes = withSheetXml(workbook([{ rows: [HEADINGS, BL2481] }]), (xml) =>
      xml.replace("</sheetData>", '<row r="1048576"><c r="A1048576" s="0"/></row></sheetData>'),
    );
    expect(flat(readStockFile("a.xlsx", bytes).rows)).toMatchObject({ "BL2481-38": 6 });
  });

  it("may not have more rows than anyone looks through", () => {
    const rows = Array.from({ length: 50_001 }, () => [1]);
    expect(() => read({ rows })).toThrow("has more than 50000 rows");
  });

  it("does not change any object's prototype", () => {
    read(
      { name: "__proto__", rows: [HEADINGS, BL2481] },
      {
        rows: [
          ["货号", 38, "__proto__"],
          ["BL2481", 1, "polluted"],
        ],
      },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)["!data"]).toBeUndefined();
  });
});

describe("a file that cannot be used", () => {
  const good = workbook([{ rows: [HEADINGS, BL2481] }]);

  it.each<[string, string, Buffer, string]>([
    ["is empty", "a.xlsx", Buffer.alloc(0), "is empty"],
    ["is half written", "a.xlsx", good.subarray(0, good.length / 2), "is not a complete workbook"],
    ["lacks its last bytes", "a.xlsx", good.subarray(0, -30), "is not a complete workbook"],
    ["is no workbook", "a.xlsx", Buffer.from("货号,38\nBL2481,6\n"), "is not a workbook"],
    [
      "is a page of the web",
      "a.xls",
      Buffer.from("<html><table><tr><td>货号</td></tr></table>"),
      "is not a workbook",
    ],
    [
      "is larger than any",
      "a.csv",
      Buffer.alloc(MAX_FILE_SIZE + 1, "x"),
      `is larger than ${MAX_FILE_SIZE} bytes`,
    ],
    ["is no text", "a.csv", Buffer.from([0xff, 0xff, 0xff, 0x80, 0x0a]), "is neither GBK nor UTF-8 text"],
    [
      "ends in the middle of a line",
      "a.csv",
      Buffer.from("款号,尺码,数量\nBL2481,38,6\nBL24"),
      "ends in the middle of a line",
    ],
    [
      "ends in the middle of a character",
      "a.csv",
      iconv.encode("款号,尺码,数量\r\n备注", "gbk").subarray(0, -1),
      "is neither GBK nor UTF-8 text",
    ],
    ["is of another kind", "a.docx", good, "is neither a workbook nor a CSV"],
  ])("%s", (_, name, bytes, reason) => {
    expect(() => readStockFile(name, bytes)).toThrow(
      expect.objectContaining({ name: "UnreadableFile", message: reason }),
    );
  });

  it.each<[string, Page]>([
    ["has no headings", { rows: [["BL2481", 14, 6, 5]] }],
    [
      "has headings without sizes",
      {
        rows: [
          ["货号", "品名"],
          ["BL2481", "乐福鞋"],
        ],
      },
    ],
    ["is an empty sheet", { rows: [] }],
  ])("%s", (_, page) => {
    expect(() => read(page)).toThrow("has no row of headings with a style number and sizes");
  });

  it("has a byte that was changed", () => {
    for (const at of [60, 400, Math.floor(good.length / 2)]) {
      const damaged = Buffer.from(good);
      damaged[at] = damaged[at]! ^ 0xff;
      expect(() => readStockFile("a.xlsx", damaged)).toThrow(/damaged|not a/);
    }
  });
});

describe("a CSV", () => {
  const text =
    "款号,尺码,现货数量,交货天数,更新日期\r\nBL2481  ,38,6,5,2026/11/20\r\n\r\nBL2481,39, ５ ,5,2026/11/20\r\n";
  const wanted = { BL2481: { pairs: 11, leadDays: 5 }, "BL2481-38": 6, "BL2481-39": 5 };

  it.each<[string, Buffer]>([
    ["in GBK", iconv.encode(text, "gbk")],
    ["in GB 18030", iconv.encode(text, "gb18030")],
    ["in UTF-8", Buffer.from(text)],
    ["in UTF-8 with a mark", Buffer.from(`\ufeff${text}`)],
    ["in UTF-16", Buffer.from(`\ufeff${text}`, "utf16le")],
    ["with tabs", iconv.encode(text.replaceAll(",", "\t"), "gbk")],
    ["with semicolons", iconv.encode(text.replaceAll(",", ";"), "gbk")],
    ["with line ends of Unix", iconv.encode(text.replaceAll("\r\n", "\n"), "gbk")],
    ["without an end of the last line", iconv.encode(text.trimEnd(), "gbk")],
    ["with quotes", iconv.encode(text.replaceAll(/([^,\r\n]+)/g, '"$1"'), "gbk")],
    [
      "with a remark of two lines",
      iconv.encode(text.replace("2026/11/20", '"2026\r\n说 ""急"", 快"'), "gbk"),
    ],
  ])("%s", (_, bytes) => {
    const { rows, problems } = readStockFile("供应商.csv", bytes);
    expect(problems).toEqual([]);
    expect(flat(rows)).toEqual(wanted);
  });

  it("reports by line, and the lower of two equal lines counts", () => {
    const { rows, problems } = readStockFile(
      "a.csv",
      Buffer.from("款号,尺码,数量\nBL2481,38,6\nBL2481,38,7\nBL2481,39,x\n"),
    );
    expect(problems).toEqual([
      { file: "a.csv", row: 3, reason: "has BL2481-38 again: this row counts, the one above does not" },
      { file: "a.csv", row: 4, reason: "quantity of BL2481-39 is not a number: the row is left out" },
    ]);
    expect(flat(rows)).toMatchObject({ "BL2481-38": 7 });
  });
});

describe("names of files", () => {
  it.each([
    ["库存_百丽.xlsx", true],
    ["stock.XLS", true],
    ["a.xlsm", true],
    ["现货.csv", true],
    ["~$库存_百丽.xlsx", false],
    [".~lock.库存.xlsx#", false],
    [".库存.xlsx", false],
    ["8F3A11C0.tmp", false],
    ["库存.xlsx.part", false],
    ["库存.constructor", false],
    ["库存", false],
  ])("%s holds stock: %s", (name, is) => {
    expect(isStockFile(name)).toBe(is);
  });
});

function read(...pages: readonly Page[]): Reading {
  return readStockFile("a.xlsx", workbook(pages));
}

function workbook(pages: readonly Page[]): Buffer {
  return XLSX.write(bookOf(pages), { type: "buffer", bookType: "xlsx", compression: true }) as Buffer;
}

function bookOf(pages: readonly Page[]): XLSX.WorkBook {
  const book = XLSX.utils.book_new();
  for (const [index, { name, rows, merges = [] }] of pages.entries()) {
    const sheet = XLSX.utils.aoa_to_sheet(rows.map((row) => [...row]));
    sheet["!merges"] = merges.map((range) => XLSX.utils.decode_range(range));
    XLSX.utils.book_append_sheet(book, sheet, name ?? (index === 0 ? "库存" : `库存${index}`));
  }
  book.Workbook = { Sheets: pages.map(({ hidden }) => ({ Hidden: hidden ? 1 : 0 })) };
  return book;
}

/** The workbook with another text of its first sheet, as another program would have written it. */
function withSheetXml(bytes: Buffer, change: (xml: string) => string): Buffer {
  const cfb = XLSX.CFB as {
    read(bytes: Buffer, options: object): object;
    find(container: object, path: string): { content: Buffer; size: number };
    write(container: object, options: object): Buffer;
  };
  const container = cfb.read(bytes, { type: "buffer" });
  const part = cfb.find(container, "/xl/worksheets/sheet1.xml");
  part.content = Buffer.from(change(Buffer.from(part.content).toString()));
  part.size = part.content.length;
  return cfb.write(container, { type: "buffer", fileType: "zip", compression: true });
}

/** Rows as one plain object, to compare them at a glance. */
function flat(rows: Reading["rows"]): Record<string, unknown> {
  return Object.fromEntries(
    rows.flatMap(({ style, sizes, pairs, leadDays }) => [
      [style, { pairs, leadDays }],
      ...[...sizes].map(([size, onHand]) => [`${style}-${size}`, onHand]),
    ]),
  ) as Record<string, unknown>;
}
