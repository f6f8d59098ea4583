// What every subgraph must hold, whatever it wraps: run it against yours, with the test runner that you use.
import assert from "node:assert/strict";
import { request } from "undici";
import type { Subgraph } from "../types.ts";
import type { QueryResult, TestGateway, TestViewer } from "./gateway.ts";

export interface EntitySample {
  /** Key of one that exists. */
  readonly key: string;
  /** The key field; "id" when absent. */
  readonly keyField?: string;
  /** A field that has a value for it and that needs policies, with its selection: `shelfPrice { minor }`. */
  readonly field: string;
  /** The policies that `field` needs. */
  readonly policies: readonly string[];
  /** For a type with @scope: the subject that it belongs to, for example `Counter:017`. */
  readonly subject?: string;
}

export interface ConformanceOptions {
  /** Functions, because both are started by the tests' own set-up. */
  readonly subgraph: () => Subgraph;
  readonly gateway: () => TestGateway;
  /** By type. */
  readonly entities: Readonly<Record<string, EntitySample>>;
}

export interface ConformanceCheck {
  readonly name: string;
  /** Rejects when it does not hold. */
  run(): Promise<void>;
}

/**
 * The checks, to be run one by one:
 *
 *     for (const { name, run } of conformance(options)) it(name, run);
 */
export function conformance(options: ConformanceOptions): readonly ConformanceCheck[] {
  return [
    ...doorChecks(options),
    ...Object.entries(options.entities).flatMap(([type, sample]) => entityChecks(options, type, sample)),
  ];
}

const anyQuery = "{ __typename }";
const stranger: TestViewer = { organization: "stranger" };

function doorChecks({ subgraph, gateway }: ConformanceOptions): readonly ConformanceCheck[] {
  const refuses = (what: string, wrong: Readonly<Record<string, unknown>>): ConformanceCheck => ({
    name: `refuses a token ${what}`,
    async run() {
      const wanted = { ...stranger, subgraph: subgraph().name, query: anyQuery, claims: wrong };
      const token = await gateway().token(wanted);
      isUnauthenticated(await gateway().send(subgraph(), { query: anyQuery }, token));
    },
  });
  return [
    {
      name: "refuses a request without a token",
      run: async () => isUnauthenticated(await gateway().send(subgraph(), { query: anyQuery })),
    },
    refuses("for another subgraph", { aud: "another-subgraph" }),
    refuses("of another issuer", { iss: "https://another.example" }),
    refuses("that has expired", { iat: 1, exp: 61 }),
    refuses("for another operation", { op: "x" }),
    {
      name: "says how it is without a token, and nothing more",
      async run() {
        const answer = await request(`${subgraph().origin}/health`);
        const health = (await answer.body.json()) as object;
        assert.equal(answer.statusCode, 200);
        assert.deepEqual(Object.keys(health).toSorted(), ["legacy", "outbox", "status"]);
      },
    },
    {
      name: "publishes its public key, and not the private one",
      async run() {
        const answer = await request(`${subgraph().origin}/.well-known/jwks.json`);
        const { keys } = (await answer.body.json()) as { keys: readonly { kty: string; d?: string }[] };
        assert.ok(keys.length > 0);
        assert.ok(keys.every(({ d }) => d === undefined));
      },
    },
  ];
}

function entityChecks(
  { subgraph, gateway }: ConformanceOptions,
  type: string,
  { key, keyField = "id", field, policies, subject }: EntitySample,
): readonly ConformanceCheck[] {
  const member: TestViewer = {
    ...stranger,
    group: "g-conformance",
    subjects: subject ? [subject] : [],
    policies,
  };
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on ${type} { value: ${field} } } }`;
  const load = (viewer: TestViewer, ...keys: readonly string[]): Promise<QueryResult> => {
    const r = keys.map((each) => ({ __typename: type, [keyField]: each }));
    return gateway().query(subgraph(), query, { r }, viewer);
  };
  const unknown = "no-such-key";
  return [
    {
      name: `${type}: shows ${field} to a member that it is shared with`,
      async run() {
        const { data, errors } = await load(member, key);
        assert.deepEqual(errors ?? [], [], `${type} ${key} came with errors`);
        assert.ok(data._entities[0], `there is no ${type} ${key}`);
        assert.notEqual(data._entities[0].value, null, `${type} ${key} has no ${field}`);
      },
    },
    {
      name: `${type}: keeps the order of representations`,
      async run() {
        const { data } = await load(member, key, unknown, key);
        assert.ok(data._entities[0]?.value !== undefined);
        assert.deepEqual(data._entities[2], data._entities[0]);
      },
    },
    {
      name: `${type}: does not show ${field} without its policies`,
      async run() {
        const { data, errors } = await load({ ...member, policies: [] }, key);
        assert.equal(data?._entities[0]?.value ?? null, null, `${field} was shown`);
        assert.equal(errors?.[0]?.extensions.code, "NOT_SHARED", "there is no error NOT_SHARED");
      },
    },
    ...(subject === undefined ? [] : [scopeCheck(type, subject, (viewer) => load(viewer, key), member)]),
  ];
}

function scopeCheck(
  type: string,
  subject: string,
  load: (viewer: TestViewer) => Promise<QueryResult>,
  member: TestViewer,
): ConformanceCheck {
  return {
    name: `${type}: is not there for a group about something else, nor for no group`,
    async run() {
      const elsewhere = [`${subject}-another`];
      for (const viewer of [
        { ...member, subjects: elsewhere },
        { ...stranger, policies: member.policies ?? [] },
      ]) {
        const { data } = await load(viewer);
        assert.deepEqual(data._entities, [null], `${type} is there for ${JSON.stringify(viewer)}`);
      }
    },
  };
}

function isUnauthenticated({ status, data, errors }: QueryResult): void {
  assert.equal(status, 401);
  assert.equal(data, undefined);
  assert.equal(errors?.[0]?.extensions.code, "UNAUTHENTICATED");
}
