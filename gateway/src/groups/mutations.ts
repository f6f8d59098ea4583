// What people do in groups. What is wrong with what they sent, or not for them to do, comes back as user errors.
import * as administration from "./mutations/administration.ts";
import * as forMyself from "./mutations/for-myself.ts";
import * as grants from "./mutations/grants.ts";
import * as invitations from "./mutations/invitations.ts";
import * as messages from "./mutations/messages.ts";
import type { Mutation } from "./mutations/payloads.ts";
import * as reading from "./mutations/reading.ts";
import * as acting from "./mutations/acting.ts";

export const mutations: Readonly<Record<string, Mutation<never, unknown>>> = {
  ...administration,
  ...forMyself,
  ...grants,
  ...invitations,
  ...messages,
  ...reading,
  ...acting,
};
