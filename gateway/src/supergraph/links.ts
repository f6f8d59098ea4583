// What a schema links: the specifications that it uses, and the names that it gives their directives.
import { Kind, valueFromASTUntyped, type ConstDirectiveNode, type DocumentNode } from "graphql";

export interface Link {
  readonly url: string;
  /** Last part of the address before the version: `join` of `https://specs.apollo.dev/join/v0.5`. */
  readonly spec: string;
  /** `0.5`; empty when the address has none. */
  readonly version: string;
  readonly purpose: string | null;
  /** What the names of its own types begin with here: `join__`. */
  readonly namespace: string;
  /** The name that a directive of it has here, without `@`. */
  readonly nameOf: (directive: string) => string;
}

export function linksOf(document: DocumentNode): readonly Link[] {
  return document.definitions.flatMap((node) =>
    node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION
      ? argumentsOf(node.directives, "link").map(readLink)
      : [],
  );
}

/** A directive of the federation specification ▸ what one subgraph calls it. Without a link it is of federation 1. */
export function federationNames(subgraph: DocumentNode): (directive: string) => string {
  const link = linksOf(subgraph).find(({ spec }) => spec === "federation");
  return (
    link?.nameOf ?? ((directive) => (FEDERATION_1.has(directive) ? directive : `federation__${directive}`))
  );
}

/** What a schema may use without a link. */
const FEDERATION_1: ReadonlySet<string> = new Set(["key", "requires", "provides", "external", "extends"]);

/** The arguments of each directive of a name. */
export function argumentsOf(
  directives: readonly ConstDirectiveNode[] | undefined,
  name: string,
): Readonly<Record<string, unknown>>[] {
  return (directives ?? [])
    .filter((directive) => directive.name.value === name)
    .map((directive) =>
      Object.fromEntries(
        (directive.arguments ?? []).map((argument) => [
          argument.name.value,
          valueFromASTUntyped(argument.value),
        ]),
      ),
    );
}

function readLink({ url, as, for: purpose, import: imports }: Readonly<Record<string, unknown>>): Link {
  const address = String(url);
  const [, spec = address, version = ""] = /([^/]+?)(?:\/v([\d.]+))?\/?$/.exec(address) ?? [];
  const prefix = typeof as === "string" ? as : spec;
  const names = new Map(
    (Array.isArray(imports) ? (imports as readonly unknown[]) : []).map((each) => {
      const { name, as: alias } =
        typeof each === "object" && each !== null ? (each as Imported) : { name: each };
      return [bare(name), bare(alias ?? name)] as const;
    }),
  );
  return {
    url: address,
    spec,
    version,
    purpose: typeof purpose === "string" ? purpose : null,
    namespace: `${prefix}__`,
    nameOf: (directive) => names.get(directive) ?? (directive === spec ? prefix : `${prefix}__${directive}`),
  };
}

interface Imported {
  readonly name: unknown;
  readonly as?: unknown;
}

function bare(name: unknown): string {
  return String(name).replace(/^@/, "");
}
