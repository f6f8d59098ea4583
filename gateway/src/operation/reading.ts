// What somebody follows for long: an operation and its variables as they are read in the graph in force. When another
// graph takes its place, they are read anew.
import { JuntoError } from "../errors/index.ts";
import type { Operation, Operations } from "./prepare.ts";
import type { Variables } from "./variables.ts";

export interface Reading {
  readonly operation: Operation;
  readonly variables: Variables;
}

/** Reads the same in another graph. @throws JuntoError when it is not valid there */
export type Reread = (reading: Reading) => Reading;

/** Each operation is read once, however many follow it. */
export function rereadIn(operations: Operations): Reread {
  const read = new WeakMap<Operation, Operation | JuntoError>();
  const again = (operation: Operation): Operation | JuntoError => {
    const { text, name } = operation.source;
    try {
      return operations.prepare(text, name);
    } catch (error) {
      return JuntoError.from(error);
    }
  };
  return ({ operation: before, variables }) => {
    let operation = read.get(before);
    if (!operation) read.set(before, (operation = again(before)));
    if (operation instanceof JuntoError) throw operation;
    return { operation, variables: operation.variables(variables) };
  };
}
