// The gateway's own subgraph: groups, members, feed, cards and actions, answered in this process.
import { buildSubgraphSchema } from "@apollo/subgraph";
import { Kind, parse, type GraphQLSchema } from "graphql";
import { AccessAction, AccessLine, accessLog, AccessLogPage } from "./access-log.ts";
import * as administered from "./administered.ts";
import * as consent from "./consent-resolvers.ts";
import { cardEntity, entity } from "./entities.ts";
import { explainAccess } from "./explain.ts";
import * as messages from "./message-resolvers.ts";
import * as inbox from "./inbox-resolvers.ts";
import { mutations } from "./mutations.ts";
import * as resolvers from "./resolvers.ts";
import * as searching from "./searching.ts";
import { DateTime, Json } from "./scalars.ts";
import type { FeedRow } from "./store.ts";
import { subscriptions } from "./subscriptions.ts";

export type * from "./context.ts";
export type { OwnEvent } from "./subscriptions.ts";

/**
 * The schema, executable with graphql-js and a `GroupsContext`. `typeDefs` is schema/groups.graphql, and may
 * go on with `union CardEntity`, `Query.entity` and `Card.entity`. An event of a subscription is executed with
 * an `OwnEvent` as the root value.
 */
export function groupsSchema(typeDefs: string): GraphQLSchema {
  const document = parse(typeDefs);
  const hasEntities = document.definitions.some(
    (node) => node.kind === Kind.UNION_TYPE_DEFINITION && node.name.value === "CardEntity",
  );
  const { references } = resolvers;
  const map = {
    DateTime,
    JSON: Json,
    Locale: { en: "en", zh_CN: "zh-CN" },
    Query: {
      ...resolvers.Query,
      ...consent.Query,
      ...searching.Query,
      ...inbox.Query,
      ...administered.Query,
      accessLog,
      explainAccess,
      ...(hasEntities ? { entity } : {}),
    },
    Mutation: mutations,
    Subscription: subscriptions,
    Organization: { ...resolvers.Organization, __resolveReference: references.Organization },
    Person: { ...resolvers.Person, __resolveReference: references.Person },
    Group: {
      ...resolvers.Group,
      ...consent.Group,
      ...messages.Group,
      ...searching.Group,
      __resolveReference: references.Group,
    },
    Message: messages.Message,
    Reading: messages.Reading,
    SearchHit: searching.SearchHit,
    Member: resolvers.Member,
    SeenBy: resolvers.SeenBy,
    Policy: administered.Policy,
    Participation: administered.Participation,
    GroupOutline: consent.GroupOutline,
    Scenario: consent.Scenario,
    ScenarioRole: consent.ScenarioRole,
    AskedGrant: consent.AskedGrant,
    Grant: consent.Grant,
    Invitation: consent.Invitation,
    FeedEvent: { __resolveType: ({ kind }: FeedRow) => resolvers.EVENTS[kind].type },
    ...Object.fromEntries(Object.values(resolvers.EVENTS).map(({ type, fields }) => [type, fields])),
    Card: {
      ...resolvers.Card,
      ...(hasEntities ? { entity: cardEntity } : {}),
      __resolveReference: references.Card,
    },
    CardTemplate: resolvers.CardTemplate,
    Action: resolvers.Action,
    InboxCard: inbox.InboxCard,
    Mute: inbox.Mute,
    Provenance: resolvers.Provenance,
    Withheld: resolvers.Withheld,
    ClosedAction: resolvers.ClosedAction,
    ActionRun: resolvers.ActionRun,
    AccessLogPage,
    AccessLine,
    AccessAction,
  };
  return buildSubgraphSchema([{ typeDefs: document, resolvers: map as never }]);
}
