// What other programs may use of the command line: the demo's issuers, its people and its groups.
export { beginGoingOn } from "./demo/going-on.ts";
export { makeDemoGroup, type DemoGroupOptions } from "./demo/group.ts";
export {
  DEMO_GROUP,
  DEMO_PEOPLE,
  peopleOf,
  SECOND_GROUP,
  type DemoGroup,
  type DemoPerson,
} from "./demo/people.ts";
export type { IssuerOrganization, IssuerPerson } from "./issuers/organization.ts";
export { startIssuers, type Issuers, type IssuersOptions } from "./issuers/server.ts";
export { buildClient } from "./web-client.ts";
