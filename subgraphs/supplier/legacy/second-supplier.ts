// The list that a second supplier's system exports every night: one line a size, in GBK, with Windows line ends.
import iconv from "iconv-lite";
import { TODAY, type SeedStock } from "@junto/seed";

/** The bytes of the CSV. Its system pads style numbers with blanks, and ends the file with an empty line. */
export function csvOf(lines: readonly SeedStock[]): Buffer {
  const rows = lines.flatMap(({ productId, leadDays, sizes }) =>
    sizes.map(({ size, onHand }) =>
      [productId.padEnd(8), size, onHand, leadDays, TODAY.replaceAll("-", "/")].join(","),
    ),
  );
  return iconv.encode(["款号,尺码,现货数量,交货天数,更新日期", ...rows, "", ""].join("\r\n"), "gbk");
}
