// The words of the schema, as the client asks for them.
import type {
  AroundFragment,
  CalledFragment,
  ClosedFragment,
  FollowSubscription,
  HitFragment,
  ListedFragment,
  PresenceSubscription,
  PlayingFragment,
  RunFragment,
  SaidFragment,
  ShownFragment,
  SomeoneFragment,
  WantedFragment,
  WrongFragment,
} from "../generated/graphql.ts";

export type { Locale } from "../generated/graphql.ts";
/** A card as it comes out for who asks. */
export type Card = ShownFragment;
export type Action = Card["actions"][number];
/** One that is there, and is not for who asks. */
export type ClosedAction = ClosedFragment;
/** What a member can be in a group. */
export type Role = PlayingFragment;
/** What a scenario asks an organization to share. */
export type Asked = WantedFragment;
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
/** In the two languages of the client. */
export type Titled = { readonly en: string; readonly zh: string };
export type Organization = Person["organization"];
/** What somebody said, as it is now. */
export type Message = SaidFragment;
/** One that mentions the person or answers one of theirs. */
export type Called = CalledFragment;
export type Hit = HitFragment;
export type UserError = WrongFragment;
