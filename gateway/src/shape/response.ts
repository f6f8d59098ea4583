// A joined result ▸ the text of the response: the data along the selection, and what is missing of it and why.
import type { GraphQLSchema } from "graphql";
import type { Joined } from "../execute/engine.ts";
import type { Log } from "../observe/index.ts";
import type { Operation } from "../operation/prepare.ts";
import { executionError, withheldError } from "./errors.ts";
import { compilePlaces, type PlaceOf } from "./places.ts";
import { compileShape, type ShapedError, type Shaper } from "./shape.ts";

export interface ResponseParts {
  readonly schema: GraphQLSchema;
  readonly organizationOf: (subgraph: string) => string;
  readonly log: Log;
}

/** Writes a joined result. How the results of an operation are written is compiled once. */
export type Respond = (joined: Joined) => string;

export function createRespond({ schema, organizationOf, log }: ResponseParts): Respond {
  const shapes = new WeakMap<Operation, Shape>();

  function shapeOf(operation: Operation): Shape {
    let shape = shapes.get(operation);
    if (!shape) {
      const { definition } = operation;
      shape = { write: compileShape(schema, definition), placeOf: compilePlaces(schema, definition) };
      shapes.set(operation, shape);
    }
    return shape;
  }

  return ({ visible, execution }) => {
    const { write, placeOf } = shapeOf(visible.operation);
    const errors: ShapedError[] = visible.withheld.map(withheldError);
    const everywhere = new Set(errors);
    const said = new Set<string>();
    for (const error of execution.errors) {
      log.debug(
        { subgraph: error.subgraph, err: error.cause instanceof Error ? error.cause : undefined },
        "a subgraph's error",
      );
      const path = placeOf(error.path, execution.data);
      if (!path) continue;
      const shaped = executionError({ ...error, path }, organizationOf);
      // What is asked twice fails twice.
      const text = JSON.stringify(shaped);
      if (said.has(text)) continue;
      said.add(text);
      errors.push(shaped);
      if (error.everywhere) everywhere.add(shaped);
    }
    const data = write(execution, errors, everywhere);
    return errors.length === 0 ? `{"data":${data}}` : `{"data":${data},"errors":${JSON.stringify(errors)}}`;
  };
}

/** How the results of one operation are written, and where its errors stand. */
interface Shape {
  readonly write: Shaper;
  readonly placeOf: PlaceOf;
}
