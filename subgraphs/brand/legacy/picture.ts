// The picture of a style: a shoe drawn from its number, in one of its few shapes, always the same colours.

/** An SVG for a style number and its category. */
export function picture(itemNo: string, category: string): string {
  const number = Number(itemNo.slice(2)) || 0;
  const hue = (number * 47 + itemNo.charCodeAt(0) * 13 + itemNo.charCodeAt(1) * 29) % 360;
  const upper = `hsl(${hue} 38% 42%)`;
  const lining = `hsl(${hue} 30% 72%)`;
  const ground = `hsl(${(hue + 40) % 360} 25% 93%)`;
  const shape = SHAPES[category] ?? SHOE;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 240" role="img" aria-label="${itemNo}">`,
    `<rect width="320" height="240" fill="${ground}"/>`,
    `<ellipse cx="160" cy="196" rx="124" ry="9" fill="#0002"/>`,
    `<path d="${shape.upper}" fill="${upper}"/>`,
    `<path d="${shape.opening}" fill="${lining}"/>`,
    `<path d="${shape.sole}" fill="hsl(${hue} 20% 22%)"/>`,
    `<text x="306" y="228" text-anchor="end" font-family="sans-serif" font-size="13" fill="#0008">${itemNo}</text>`,
    `</svg>`,
  ].join("\n");
}

interface Shape {
  readonly upper: string;
  readonly opening: string;
  readonly sole: string;
}

const FLAT_SOLE = "M44 182 H280 Q286 182 284 190 L282 194 H46 Q42 194 42 188 Z";
const HEEL = "M44 150 L60 196 H72 L84 168 Q170 196 284 190 L284 182 Q170 182 92 150 Z";

const SHOE: Shape = {
  upper: "M44 182 V112 Q60 104 82 112 Q108 138 150 140 Q220 144 266 164 Q282 170 282 182 Z",
  opening: "M48 113 Q62 106 80 114 Q100 132 124 138 L60 140 Q48 130 48 113 Z",
  sole: FLAT_SOLE,
};

const SHAPES: Readonly<Record<string, Shape>> = {
  Boots: {
    upper: "M60 182 V44 H132 V120 Q150 138 190 144 Q262 152 280 182 Z",
    opening: "M60 44 H132 V56 H60 Z",
    sole: FLAT_SOLE,
  },
  Pumps: {
    upper: "M44 152 Q48 112 62 104 Q92 150 160 164 Q240 164 284 184 Q180 186 92 152 Z",
    opening: "M62 106 Q92 150 160 164 L120 162 Q76 146 58 116 Z",
    sole: HEEL,
  },
  Sandals: {
    upper: "M56 182 Q60 128 84 124 L96 130 Q82 150 84 182 Z M164 182 Q180 134 222 142 L262 182 Z",
    opening: "M84 124 Q140 120 176 156 L168 164 Q132 134 90 136 Z",
    sole: FLAT_SOLE,
  },
  Running: {
    upper: "M42 178 Q40 128 54 112 L84 122 Q112 146 150 132 L176 126 Q210 156 262 160 Q286 166 284 180 Z",
    opening: "M150 132 L176 126 L206 150 L182 158 Z",
    sole: "M40 176 Q160 186 286 176 Q288 192 268 196 H60 Q40 196 40 176 Z",
  },
};
