// The words of the schema, as the client asks for them.
import type {
  AroundFragment,
  FollowSubscription,
  HitFragment,
  ListedFragment,
  PresenceSubscription,
  RunFragment,
  SaidFragment,
  ShownFragment,
  SomeoneFragment,
  WrongFragment,
} from "../generated/graphql.ts";

export type { Locale } from "../generated/graphql.ts";
/** A card as it comes out for who asks. */
export type Card = ShownFragment;
export type Action = Card["actions"][number];
export type ActionRun = RunFragment;
export type FeedEvent = FollowSubscription["groupFeed"];
/** A group in the person's list. */
export type Group = ListedFragment;
export type Reading = NonNullable<Group["reading"]>;
/** Who is in a group now, who is writing, and how far people have read. */
export type Presence = PresenceSubscription["groupPresence"];
export type Seen = Presence["seen"][number];
export type Around = AroundFragment;
export type Person = SomeoneFragment;
export type Organization = Person["organization"];
/** What somebody said, as it is now. */
export type Message = SaidFragment;
export type Hit = HitFragment;
export type UserError = WrongFragment;
