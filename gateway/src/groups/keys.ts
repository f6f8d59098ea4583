// Keys of entities in one canonical form, so that equal keys are equal bytes.
import { JuntoError } from "../errors/index.ts";

/** For example `{ id: "BL2481-38" }`. */
export type EntityKey = Readonly<Record<string, unknown>>;

export interface Entity {
  readonly type: string;
  readonly key: EntityKey;
}

const LONGEST = 1_000;
const DEEPEST = 4;

/**
 * The key as JSON with sorted names and no spaces.
 * @throws JuntoError BAD_USER_INPUT when it is no key: empty, too long, too deep, with null or with a name
 *   that is also one of every object's own machinery
 */
export function canonicalKey(key: unknown): string {
  if (!isObject(key) || Object.keys(key).length === 0) throw notAKey("it is not an object with fields");
  const text = canonical(key, 0);
  if (Buffer.byteLength(text) > LONGEST) throw notAKey(`it is longer than ${LONGEST} bytes`);
  return text;
}

/** `type` and key as one text: a key for maps in which nothing collides. */
export function entityText({ type, key }: Entity): string {
  return `${type} ${canonicalKey(key)}`;
}

/** Names that mean something to every object. Nothing of that name is taken from outside. */
export function isReservedName(name: string): boolean {
  return name === "__proto__" || name === "constructor" || name === "prototype";
}

function canonical(value: unknown, depth: number): string {
  if (depth > DEEPEST) throw notAKey("it is too deep");
  if (typeof value === "string") {
    if (/[\0\p{Cs}]/u.test(value)) throw notAKey("it holds characters that are no text");
    return JSON.stringify(value);
  }
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value)))
    return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(",")}]`;
  if (!isObject(value)) throw notAKey("it holds something that is no value");
  const names = Object.keys(value).sort();
  const fields = names.map((name) => {
    if (isReservedName(name) || /[\0\p{Cs}]/u.test(name))
      throw notAKey("it holds a name that is not allowed");
    return `${JSON.stringify(name)}:${canonical(value[name], depth + 1)}`;
  });
  return `{${fields.join(",")}}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function notAKey(why: string): JuntoError {
  return new JuntoError("BAD_USER_INPUT", `This is not the key of an entity: ${why}.`);
}
