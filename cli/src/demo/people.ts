// The people of the demo: who they are at their organization, and what for they are in the group.

export interface DemoPerson {
  /** `<organization>:<name>`. */
  readonly id: string;
  readonly name: string;
  /** The name in Latin letters. */
  readonly latin: string;
  readonly title: string;
  /** Roles in the organization: `admin` adds its people to groups and shares its policies. */
  readonly roles: readonly string[];
  /** Role in the group "Counter 017"; null: not a member. */
  readonly member: string | null;
}

export const DEMO_GROUP = { name: "Counter 017", scenario: "counter", subjectId: "017" } as const;

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  {
    id: "mall:lin",
    name: "林静",
    latin: "Lin Jing",
    title: "floor manager",
    roles: ["admin"],
    member: "manager",
  },
  { id: "brand:guo", name: "郭敏", latin: "Guo Min", title: "shop guide", roles: [], member: "guide" },
  { id: "brand:chen", name: "陈曦", latin: "Chen Xi", title: "buyer", roles: ["admin"], member: "buyer" },
  {
    id: "supplier:wang",
    name: "王强",
    latin: "Wang Qiang",
    title: "clerk",
    roles: ["admin"],
    member: "supplier",
  },
  { id: "mall:zhao", name: "赵磊", latin: "Zhao Lei", title: "floor staff", roles: [], member: null },
  {
    id: "comet:tang",
    name: "唐宁",
    latin: "Tang Ning",
    title: "buyer of another brand",
    roles: ["admin"],
    member: null,
  },
  {
    id: "plaza:mo",
    name: "莫言清",
    latin: "Mo Yanqing",
    title: "manager of another mall",
    roles: ["admin"],
    member: null,
  },
];

function organizationOf(personId: string): string {
  return personId.slice(0, personId.indexOf(":"));
}

/** Organizations that have people in the demo; not all of them are in its group. */
export const DEMO_ORGANIZATIONS: readonly string[] = [
  ...new Set(DEMO_PEOPLE.map(({ id }) => organizationOf(id))),
];

/** The demo's people of one organization. */
export function peopleOf(organization: string): readonly DemoPerson[] {
  return DEMO_PEOPLE.filter(({ id }) => organizationOf(id) === organization);
}
