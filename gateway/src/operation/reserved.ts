// A validation rule: no response key and no variable has a name that means something to the machinery. An alias
// `__typename` would pass another field off as the type of its object; `__proto__` is what every object inherits from;
// under names that begin with `junto_key_` the gateway asks for keys of entities.
import { GraphQLError, type ASTNode, type ASTVisitor, type ValidationContext } from "graphql";

const RESERVED: ReadonlySet<string> = new Set(["__typename", "__schema", "__type", "__proto__"]);

/** With which the response keys begin under which the gateway asks for keys of entities. */
export const KEY_PREFIX = "junto_key_";

export function ReservedNamesRule(context: ValidationContext): ASTVisitor {
  const refuse = (what: string, nodes: ASTNode): void =>
    context.reportError(new GraphQLError(`${what} has a name that is taken. Choose another.`, { nodes }));
  return {
    Field(node) {
      const alias = node.alias?.value;
      if (alias === undefined || alias === node.name.value) return;
      if (RESERVED.has(alias) || alias.startsWith(KEY_PREFIX)) refuse(`Alias "${alias}"`, node);
    },
    VariableDefinition(node) {
      const name = node.variable.name.value;
      if (RESERVED.has(name)) refuse(`Variable "$${name}"`, node);
    },
  };
}
