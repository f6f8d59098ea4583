// What this gateway cannot serve as its authors mean it is refused when a supergraph is loaded, with the reason.
// Implements the "purpose" of the link specification: a feature for EXECUTION or SECURITY that is not known must not
// be passed over. https://specs.apollo.dev/link/v1.0/#Purpose
import { visit, type ConstDirectiveNode, type DocumentNode } from "graphql";
import { throwIfAny, type Problems } from "../config/problems.ts";
import { argumentsOf, federationNames, linksOf, type Link } from "./links.ts";

/** Specifications that the gateway keeps to, with the versions that it knows. */
const KNOWN: ReadonlyMap<string, readonly string[]> = new Map([
  ["link", ["1.0"]],
  ["join", ["0.3", "0.4", "0.5"]],
  ["policy", ["0.1"]],
  ["authenticated", ["0.1"]],
  ["requiresScopes", ["0.1"]],
  ["inaccessible", ["0.1", "0.2"]],
  ["cost", ["0.1"]],
  ["tag", ["0.1", "0.2", "0.3"]],
]);

const REFUSED: ReadonlyMap<string, string> = new Map([
  [
    "context",
    "uses @context, which the planner cannot plan. Pass the value as an argument, or use @requires.",
  ],
  [
    "connect",
    "uses connectors (@connect), which the gateway does not run. Put a subgraph in front of the service.",
  ],
]);

/** Directives that would be looked for by their own names in vain: what they say must not be passed over. */
const NAMED_AS_IT_IS: readonly (readonly [spec: string, directive: string])[] = [
  ["inaccessible", "inaccessible"],
  ["join", "join__type"],
];

/** @throws JuntoError CONFIGURATION with everything that is not supported */
export function refuseUnsupported(document: DocumentNode): void {
  const problems: Problems = [];
  for (const link of linksOf(document)) {
    if (!link.url.startsWith("https://specs.apollo.dev/")) refuseByPurpose(link, problems);
    else problems.push(...problemsOf(link));
  }
  problems.push(...problemsOfFields(document));
  throwIfAny([...new Set(problems)], "The supergraph cannot be served");
}

/**
 * The same of a subgraph that is to be composed, where composition would have something else to say first.
 * @throws JuntoError CONFIGURATION
 */
export function refuseUnsupportedIn(subgraph: string, schema: DocumentNode): void {
  const names = federationNames(schema);
  const context = new Set([names("context"), names("fromContext")]);
  const problems: Problems = [];
  visit(schema, {
    Directive({ name }) {
      if (context.has(name.value)) problems.push(`It ${REFUSED.get("context")!}`);
    },
  });
  throwIfAny([...new Set(problems)], `Subgraph ${subgraph} cannot be served`);
}

function problemsOf(link: Link): string[] {
  const { spec, version, url } = link;
  const reason = REFUSED.get(spec);
  if (reason !== undefined) return [`It ${reason}`];
  const versions = KNOWN.get(spec);
  if (!versions) {
    const problems: Problems = [];
    refuseByPurpose(link, problems);
    return problems;
  }
  if (!versions.includes(version))
    return [
      `It uses ${url}; the gateway knows ${spec} in ${versions.map((each) => `v${each}`).join(", ")}. Compose it with \`junto compose\`.`,
    ];
  return NAMED_AS_IT_IS.flatMap(([of, directive]) => {
    const name = of === spec ? link.nameOf(directive.replace(`${of}__`, "")) : directive;
    return name === directive
      ? []
      : [`It gives @${directive} the name @${name}. Import it in the subgraphs under its own name.`];
  });
}

function refuseByPurpose({ url, purpose }: Link, problems: Problems): void {
  if (purpose === null) return; // it says something to tools, and nothing to who answers
  const means = purpose === "SECURITY" ? "who may see what" : "how operations are answered";
  problems.push(`It uses ${url}, which says ${means} (for: ${purpose}) and is not known to the gateway.`);
}

function problemsOfFields(document: DocumentNode): string[] {
  const problems: string[] = [];
  const look = (place: string, directives: readonly ConstDirectiveNode[] | undefined): void => {
    for (const { overrideLabel, contextArguments } of argumentsOf(directives, "join__field")) {
      if (typeof overrideLabel === "string")
        problems.push(
          `${place} is overridden only in part (@override with label ${JSON.stringify(overrideLabel)}), and the gateway has no labels. Leave the label out.`,
        );
      if (Array.isArray(contextArguments) && contextArguments.length > 0)
        problems.push(`It ${REFUSED.get("context")!}`);
    }
    for (const { name, args } of argumentsOf(directives, "join__directive")) {
      const url = (args as { readonly url?: unknown } | undefined)?.url;
      if (name === "connect" || name === "source" || String(url).includes("/connect/"))
        problems.push(`It ${REFUSED.get("connect")!}`);
    }
  };
  visit(document, {
    SchemaDefinition: (node) => look("The schema", node.directives),
    SchemaExtension: (node) => look("The schema", node.directives),
    ObjectTypeDefinition: (node) => {
      look(node.name.value, node.directives);
      for (const field of node.fields ?? []) look(`${node.name.value}.${field.name.value}`, field.directives);
      return false;
    },
    InterfaceTypeDefinition: (node) => {
      look(node.name.value, node.directives);
      for (const field of node.fields ?? []) look(`${node.name.value}.${field.name.value}`, field.directives);
      return false;
    },
  });
  return problems;
}
