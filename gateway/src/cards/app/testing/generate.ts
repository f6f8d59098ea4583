// Templates as nobody would write them: any element of the language in any other, over data that means no good.
import type { Json } from "@junto/template";

/** Strings that have hurt somebody's cards before. */
export const HOSTILE: readonly string[] = [
  "<script>alert(1)</script><img src=x onerror=alert(1)>",
  "[click](javascript:alert(1)) ![x](data:text/html,<b>) <https://evil.example>",
  "**bold** _thin_ `code` # head\n- item\n1. one\n> said\n---",
  "${secret} ${$root} {{DATE(2026-11-20T00:00:00Z)}} %s %n {0} {n, plural, other {#}}",
  "\u202egnp.exe\u202c \u2066hidden\u2069 \u200b\u0000\u0007\ud800",
  "__proto__",
  "constructor",
  "&lt;b&gt; &amp; &#x3c;",
  "长".repeat(300),
  "",
];

export interface Random {
  number(below: number): number;
  pick<T>(items: readonly T[]): T;
}

/** The same numbers for the same seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed;
  const number = (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
  return { number, pick: (items) => items[number(items.length)]! };
}

export function randomData({ number, pick }: Random): Json {
  const item = (): Json => ({
    name: pick(HOSTILE),
    n: number(100),
    url: pick(["https://a.example/x.png", ...HOSTILE]),
  });
  return { ...(item() as object), items: Array.from({ length: number(4) }, item) };
}

export function randomTemplate(random: Random, inForm: boolean): Json {
  return { type: "AdaptiveCard", version: "1.5", body: elements(random, TOP, inForm) };
}

/** How deep boxes stand in boxes; inputs stand on the top, where they are repeated once at most. */
const TOP = 3;

type Make = (random: Random, depth: number, inForm: boolean) => Json;

const text: Make = ({ pick }) => pick(["${name}", "a ${show(name)} b", "${show(n)}", "**${name}**", "plain"]);
const control: Make = ({ pick }) =>
  pick([{}, {}, { $data: "${items}" }, { $when: "${n > 10}" }, { separator: true, spacing: "large" }]);

function elements(random: Random, depth: number, inForm: boolean): Json[] {
  return Array.from({ length: 1 + random.number(3) }, () => {
    const makers = [...LEAVES, ...(depth > 0 ? BOXES : []), ...(inForm && depth === TOP ? INPUTS : [])];
    const own = random.pick(makers)(random, depth - 1, inForm) as object;
    const more = control(random, depth, inForm) as object;
    return { ...own, ...more, ...("label" in own && { id: `in${random.number(1e9)}-\${$index}` }) };
  }).map(withoutIndex);
}

/** Only what is repeated has a position. */
function withoutIndex(element: Json): Json {
  const { id, $data } = element as { readonly id?: string; readonly $data?: string };
  return id === undefined || $data !== undefined
    ? element
    : { ...(element as object), id: id.replace("${$index}", "") };
}

const LEAVES: readonly Make[] = [
  (random) => ({
    type: "TextBlock",
    text: text(random, 0, false),
    color: random.pick(["good", "attention", "default"]),
    wrap: true,
  }),
  (random) => ({
    type: "RichTextBlock",
    inlines: ["a ${name}", { type: "TextRun", text: text(random, 0, false), italic: true }],
  }),
  (random) => ({
    type: "FactSet",
    facts: [
      { title: "${show(n)}", value: text(random, 0, false) },
      { $data: "${items}", title: "${name}", value: "${show(n)}" },
    ],
  }),
  () => ({ type: "Image", url: "${url}", altText: "${name}", width: "40px" }),
  () => ({
    type: "ActionSet",
    actions: [
      { type: "Action.OpenUrl", title: "${name}", url: "${url}" },
      {
        type: "Action.ToggleVisibility",
        title: "more",
        targetElements: ["x${n}", { elementId: "y", isVisible: true }],
      },
    ],
  }),
];

const BOXES: readonly Make[] = [
  (random, depth, inForm) => ({
    type: "Container",
    items: elements(random, depth, inForm),
    style: "emphasis",
  }),
  (random, depth, inForm) => ({
    type: "ColumnSet",
    columns: [
      { type: "Column", width: "auto", items: elements(random, depth, inForm) },
      {
        $data: "${items}",
        type: "Column",
        width: "stretch",
        items: [{ type: "TextBlock", text: "${name}" }],
      },
    ],
  }),
  (random, depth, inForm) => ({
    type: "Table",
    columns: [{ width: 1 }, { width: 2 }],
    rows: [
      {
        type: "TableRow",
        cells: [1, 2].map(() => ({ type: "TableCell", items: elements(random, depth - 1, inForm) })),
      },
    ],
  }),
];

const INPUTS: readonly Make[] = [
  () => ({ type: "Input.Text", label: "${name}", maxLength: 20, value: "${name}" }),
  () => ({ type: "Input.Number", label: "${name}", min: 0, max: 9, value: "${n}" }),
  () => ({
    type: "Input.ChoiceSet",
    label: "${name}",
    choices: [
      { title: "one", value: "1" },
      { $data: "${items}", title: "${name}", value: "${show(n)}" },
    ],
  }),
];
