// What a fragment's data looks like, known before there is any: it lets the templates and conditions of an app be
// checked against its fragment when the app is loaded.
export type Shape =
  | { readonly kind: "object"; readonly type: string; readonly fields: ReadonlyMap<string, Shape> }
  | { readonly kind: "list"; readonly of: Shape }
  | { readonly kind: "leaf"; readonly type: string; readonly values?: readonly string[] }
  | { readonly kind: "unknown" };

export const UNKNOWN: Shape = { kind: "unknown" };
export const NUMBER: Shape = { kind: "leaf", type: "Float" };
export const BOOLEAN: Shape = { kind: "leaf", type: "Boolean" };
export const STRING: Shape = { kind: "leaf", type: "String" };

/** The shape of an object with these fields, for what is not of the graph: `$subject`, `$action`. */
export function objectShape(type: string, fields: Readonly<Record<string, Shape>>): Shape {
  return { kind: "object", type, fields: new Map(Object.entries(fields)) };
}
