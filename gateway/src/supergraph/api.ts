// The API schema: what clients may see of a supergraph. Implements "API schema" of the federation specification
// over the AST, since the planner's own consumer schema shows @policy to everyone.
import {
  buildASTSchema,
  Kind,
  visit,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
} from "graphql";

/** Builds the API schema: without the machinery of composition, and without what is `@inaccessible`. */
export function apiSchema(supergraph: DocumentNode): GraphQLSchema {
  const kept = supergraph.definitions.filter((node) => !isMachinery(node) && !isInaccessible(node));
  const document = visit({ kind: Kind.DOCUMENT, definitions: kept } satisfies DocumentNode, {
    enter(node) {
      if (isInaccessible(node)) return null;
      if ("directives" in node && node.directives?.length)
        return { ...node, directives: (node.directives as ConstDirectiveNode[]).filter(isStandard) };
      return undefined;
    },
  });
  return buildASTSchema(document, { assumeValidSDL: true });
}

function isMachinery(node: DefinitionNode): boolean {
  if (node.kind === Kind.DIRECTIVE_DEFINITION || node.kind === Kind.SCHEMA_DEFINITION) return true;
  return "name" in node && node.name !== undefined && node.name.value.includes("__");
}

function isInaccessible(node: { readonly kind: string }): boolean {
  const directives = (node as { directives?: readonly ConstDirectiveNode[] }).directives;
  return directives?.some((directive) => directive.name.value === "inaccessible") ?? false;
}

function isStandard(directive: ConstDirectiveNode): boolean {
  return directive.name.value === "deprecated" || directive.name.value === "specifiedBy";
}
