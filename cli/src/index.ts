// What other programs may use of the command line: the demo's issuers, its people and its group.
export { makeDemoGroup, type DemoGroupOptions } from "./demo/group.ts";
export { DEMO_GROUP, DEMO_PEOPLE, peopleOf, type DemoPerson } from "./demo/people.ts";
export {
  startIssuers,
  type IssuerOrganization,
  type IssuerPerson,
  type Issuers,
  type IssuersOptions,
} from "./issuers.ts";
