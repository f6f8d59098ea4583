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
import { linksOf } from "./links.ts";

/** Builds the API schema: without the machinery of composition, and without what is `@inaccessible`. */
export function apiSchema(supergraph: DocumentNode): GraphQLSchema {
  // What the linked specifications call theirs: `join__Graph` is of the one that is linked as `join`.
  const namespaces = linksOf(supergraph).map(({ namespace }) => namespace);
  const kept = supergraph.definitions.filter(
    (node) => !isMachinery(node, namespaces) && !isInaccessible(node),
  );
  const gone = new Set(supergraph.definitions.filter(isInaccessible).map(nameOf));
  const document = visit({ kind: Kind.DOCUMENT, definitions: kept } satisfies DocumentNode, {
    enter(node) {
      if (isInaccessible(node)) return null;
      // A type that is not there implements nothing and is no member; composition holds that no field gives it.
      if (node.kind === Kind.NAMED_TYPE && gone.has(node.name.value)) return null;
      if ("directives" in node && node.directives?.length)
        return { ...node, directives: (node.directives as ConstDirectiveNode[]).filter(isStandard) };
      return undefined;
    },
  });
  return buildASTSchema(document, { assumeValidSDL: true });
}

function isMachinery(node: DefinitionNode, namespaces: readonly string[]): boolean {
  if (node.kind === Kind.DIRECTIVE_DEFINITION || node.kind === Kind.SCHEMA_DEFINITION) return true;
  const name = nameOf(node);
  return name !== undefined && namespaces.some((namespace) => name.startsWith(namespace));
}

function nameOf(node: DefinitionNode): string | undefined {
  return "name" in node ? node.name?.value : undefined;
}

function isInaccessible(node: { readonly kind: string }): boolean {
  const directives = (node as { directives?: readonly ConstDirectiveNode[] }).directives;
  return directives?.some((directive) => directive.name.value === "inaccessible") ?? false;
}

function isStandard(directive: ConstDirectiveNode): boolean {
  return directive.name.value === "deprecated" || directive.name.value === "specifiedBy";
}
