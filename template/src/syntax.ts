// The grammar of expressions: `stock < soldPerDay * leadDays`. Text ▸ tree, with the position of what is wrong.
//
//   choice   = or [ "?" choice ":" choice ]
//   or       = and { "||" and }           and      = equal { "&&" equal }
//   equal    = compare { ("==" | "!=") compare }
//   compare  = add { ("<" | "<=" | ">" | ">=") add }
//   add      = multiply { ("+" | "-") multiply }
//   multiply = unary { ("*" | "/") unary }
//   unary    = ("!" | "-") unary | primary
//   primary  = number | string | true | false | null | "(" choice ")" | call | path
//   call     = name "(" [ argument { "," argument } ] ")"     argument = [ name ":" ] choice
//   path     = name { "." name | "[" integer "]" }            name     = letters, digits, _; "$" in front: see below
//
// `$root` is the whole data, `$data` what plain names are looked up in, `$index` the position in a repeated list.

export type Expression = { readonly at: number } & (
  | { readonly kind: "literal"; readonly value: null | boolean | number | string }
  | { readonly kind: "path"; readonly root: string; readonly segments: readonly (string | number)[] }
  | { readonly kind: "unary"; readonly operator: "!" | "-"; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "choice";
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly Expression[];
      readonly named: readonly (readonly [name: string, value: Expression])[];
    }
);

const LEVELS = [["||"], ["&&"], ["==", "!="], ["<", "<=", ">", ">="], ["+", "-"], ["*", "/"]] as const;
export type BinaryOperator = (typeof LEVELS)[number][number];

/** What is wrong with an expression, and where: `at` counts characters from 0. */
export class ExpressionError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.name = "ExpressionError";
    this.at = at;
  }
}

const MAX_LENGTH = 1_000;
const MAX_DEPTH = 32;
/** Names that every object inherits a meaning for. */
const FORBIDDEN: ReadonlySet<string> = new Set(["__proto__", "prototype", "constructor"]);

/** @throws ExpressionError */
export function parseExpression(source: string): Expression {
  if (source.length > MAX_LENGTH) {
    throw new ExpressionError(`an expression has ${MAX_LENGTH} characters at most`, MAX_LENGTH);
  }
  const reader = createReader(tokenize(source), source.length);
  const expression = parseChoice(reader, 0);
  const rest = reader.peek();
  if (rest) throw new ExpressionError(`"${rest.text}" is not expected here`, rest.at);
  return expression;
}

/** A text with expressions: `"${pairs} pairs"` has two parts. */
export type TextPart = string | { readonly source: string; readonly at: number };

/** Splits at `${…}`; `\${` stands for itself. @throws ExpressionError */
export function splitText(source: string): TextPart[] {
  const parts: TextPart[] = [];
  let words = "";
  let at = 0;
  while (at < source.length) {
    if (source.startsWith("\\${", at)) {
      words += "${";
      at += 3;
    } else if (source.startsWith("${", at)) {
      const end = closingBrace(source, at + 2);
      if (words) parts.push(words);
      parts.push({ source: source.slice(at + 2, end), at: at + 2 });
      words = "";
      at = end + 1;
    } else {
      words += source[at++];
    }
  }
  if (words) parts.push(words);
  return parts;
}

function closingBrace(source: string, from: number): number {
  let quote = "";
  for (let at = from; at < source.length; at++) {
    const char = source[at]!;
    if (quote) {
      if (char === "\\") at++;
      else if (char === quote) quote = "";
    } else if (char === "'" || char === '"') quote = char;
    else if (char === "}") return at;
  }
  throw new ExpressionError("`${` is not closed by `}`", from - 2);
}

interface Token {
  readonly kind: "number" | "string" | "name" | "sign";
  readonly text: string;
  readonly value: string | number;
  readonly at: number;
}

const TOKEN =
  /(?<space>\s+)|(?<number>(?:\d+\.\d+|\d+)(?![\w.]))|(?<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?<name>\$?[A-Za-z_]\w*)|(?<sign>\|\||&&|[=!<>]=|[-+*/<>!?:.,()[\]])/gsy;

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(source)?.groups;
    if (!groups) throw new ExpressionError(unreadable(source, at), at);
    if (groups["number"])
      tokens.push({ kind: "number", text: groups["number"], value: Number(groups["number"]), at });
    else if (groups["string"])
      tokens.push({ kind: "string", text: groups["string"], value: unquote(groups["string"], at), at });
    else if (groups["name"]) tokens.push({ kind: "name", text: groups["name"], value: groups["name"], at });
    else if (groups["sign"]) tokens.push({ kind: "sign", text: groups["sign"], value: groups["sign"], at });
  }
  return tokens;
}

function unreadable(source: string, at: number): string {
  const char = source[at]!;
  if (char === "'" || char === '"') return "this text has no end";
  if (/\d/.test(char)) return `"${/^[\w.]+/.exec(source.slice(at))?.[0]}" is not a number`;
  return `"${String.fromCodePoint(source.codePointAt(at)!)}" is not expected here`;
}

function unquote(quoted: string, at: number): string {
  return quoted.slice(1, -1).replace(/\\(.)/gs, (escape, char: string) => {
    if (char === "n") return "\n";
    if (/['"\\]/.test(char)) return char;
    throw new ExpressionError(`"${escape}" means nothing; there are \\n, \\\\, \\' and \\"`, at);
  });
}

interface Reader {
  peek(offset?: number): Token | undefined;
  /** Takes the next token if it is this sign. */
  accept(...signs: readonly string[]): Token | undefined;
  expect(sign: string): Token;
  name(): Token;
  next(): Token;
}

function createReader(tokens: readonly Token[], end: number): Reader {
  let position = 0;
  const peek = (offset = 0) => tokens[position + offset];
  const accept = (...signs: readonly string[]) => {
    const token = peek();
    if (token?.kind !== "sign" || !signs.includes(token.text)) return undefined;
    position++;
    return token;
  };
  const fail = (wanted: string): never => {
    const token = peek();
    throw new ExpressionError(`${wanted} is expected here`, token?.at ?? end);
  };
  return {
    peek,
    accept,
    expect: (sign) => accept(sign) ?? fail(`"${sign}"`),
    name() {
      const token = peek();
      if (token?.kind !== "name" || token.text.startsWith("$")) return fail("a name");
      position++;
      return token;
    },
    next() {
      const token = peek();
      if (!token) return fail("a value");
      position++;
      return token;
    },
  };
}

function parseChoice(reader: Reader, depth: number): Expression {
  const start = reader.peek();
  if (depth > MAX_DEPTH) throw new ExpressionError("this is nested too deeply", start?.at ?? 0);
  const condition = parseBinary(reader, 0, depth);
  const sign = reader.accept("?");
  if (!sign) return condition;
  const then = parseChoice(reader, depth + 1);
  reader.expect(":");
  return { kind: "choice", condition, then, otherwise: parseChoice(reader, depth + 1), at: sign.at };
}

function parseBinary(reader: Reader, level: number, depth: number): Expression {
  const signs = LEVELS[level];
  if (!signs) return parseUnary(reader, depth);
  let left = parseBinary(reader, level + 1, depth);
  for (let sign = reader.accept(...signs), count = 0; sign; sign = reader.accept(...signs)) {
    // A long chain is a deep tree.
    if (++count > MAX_DEPTH) throw new ExpressionError("this is too long", sign.at);
    const right = parseBinary(reader, level + 1, depth);
    left = { kind: "binary", operator: sign.text as BinaryOperator, left, right, at: sign.at };
  }
  return left;
}

function parseUnary(reader: Reader, depth: number): Expression {
  const sign = reader.accept("!", "-");
  if (!sign) return parsePrimary(reader, depth);
  if (depth > MAX_DEPTH) throw new ExpressionError("this is nested too deeply", sign.at);
  return {
    kind: "unary",
    operator: sign.text as "!" | "-",
    operand: parseUnary(reader, depth + 1),
    at: sign.at,
  };
}

function parsePrimary(reader: Reader, depth: number): Expression {
  const token = reader.next();
  const { at } = token;
  if (token.kind === "number" || token.kind === "string") return { kind: "literal", value: token.value, at };
  if (token.kind === "name") return parseName(reader, token, depth);
  if (token.text !== "(") throw new ExpressionError(`"${token.text}" is not expected here`, at);
  const inner = parseChoice(reader, depth + 1);
  reader.expect(")");
  return inner;
}

function parseName(reader: Reader, token: Token, depth: number): Expression {
  const { text, at } = token;
  if (text === "true" || text === "false") return { kind: "literal", value: text === "true", at };
  if (text === "null") return { kind: "literal", value: null, at };
  if (reader.accept("(")) return parseCall(reader, token, depth);
  const isName = text.startsWith("$");
  const segments: (string | number)[] = isName ? [] : [allowed(token)];
  for (let sign = reader.accept(".", "["); sign; sign = reader.accept(".", "[")) {
    if (sign.text === ".") segments.push(allowed(reader.name()));
    else {
      const index = reader.next();
      if (index.kind !== "number" || !Number.isSafeInteger(index.value)) {
        throw new ExpressionError("a whole number is expected here", index.at);
      }
      segments.push(index.value);
      reader.expect("]");
    }
  }
  return { kind: "path", root: isName ? text : "$data", segments, at };
}

function allowed({ text, at }: Token): string {
  if (FORBIDDEN.has(text)) throw new ExpressionError(`"${text}" is not a field`, at);
  return text;
}

function parseCall(reader: Reader, { text: name, at }: Token, depth: number): Expression {
  const args: Expression[] = [];
  const named: [string, Expression][] = [];
  while (!reader.accept(")")) {
    if (args.length + named.length > 0) reader.expect(",");
    const label = reader.peek();
    if (label?.kind === "name" && reader.peek(1)?.text === ":" && reader.peek(1)?.kind === "sign") {
      reader.next();
      reader.expect(":");
      named.push([allowed(label), parseChoice(reader, depth + 1)]);
    } else if (named.length > 0) {
      throw new ExpressionError("what has no name comes before what has", label?.at ?? at);
    } else {
      args.push(parseChoice(reader, depth + 1));
    }
  }
  return { kind: "call", name, args, named, at };
}
