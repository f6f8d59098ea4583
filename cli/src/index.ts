// What other programs may use of the command line: the demo's issuers, its people and its group.
export { makeDemoGroup, type DemoGroupOptions } from "./demo/group.ts";
export { DEMO_GROUP, DEMO_PEOPLE, peopleOf, type DemoPerson } from "./demo/people.ts";
export type { IssuerOrganization, IssuerPerson } from "./issuers/organization.ts";
export { startIssuers, type Issuers, type IssuersOptions } from "./issuers/server.ts";
export { buildClient } from "./web-client.ts";
