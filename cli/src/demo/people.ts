// The people of the demo: who they are at their organization, and what for they are in its groups.

export interface DemoPerson {
  /** `<organization>:<name>`. */
  readonly id: string;
  readonly name: string;
  /** The name in Latin letters. */
  readonly latin: string;
  readonly title: string;
  /** Roles in the organization: `admin` adds its people to groups and shares its policies. */
  readonly roles: readonly string[];
}

export interface DemoGroup {
  readonly name: string;
  readonly scenario: string;
  readonly subjectId: string;
  /** Person ▸ role. */
  readonly members: Readonly<Record<string, string>>;
}

/** The group of the story. */
export const DEMO_GROUP: DemoGroup = {
  name: "Counter 017",
  scenario: "counter",
  subjectId: "017",
  members: {
    "mall:lin": "manager",
    "brand:guo": "guide",
    "brand:chen": "buyer",
    "supplier:wang": "supplier",
  },
};

/** Another counter of the same people, but for the guide: what is told in one of them is not told in the other. */
export const SECOND_GROUP: DemoGroup = {
  name: "Counter 025",
  scenario: "counter",
  subjectId: "025",
  members: {
    "mall:lin": "manager",
    "brand:hu": "guide",
    "brand:chen": "buyer",
    "supplier:wang": "supplier",
  },
};

export const DEMO_GROUPS: readonly DemoGroup[] = [DEMO_GROUP, SECOND_GROUP];

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { id: "mall:lin", name: "林静", latin: "Lin Jing", title: "floor manager", roles: ["admin"] },
  { id: "brand:guo", name: "郭敏", latin: "Guo Min", title: "shop guide", roles: [] },
  { id: "brand:hu", name: "胡月", latin: "Hu Yue", title: "shop guide", roles: [] },
  { id: "brand:chen", name: "陈曦", latin: "Chen Xi", title: "buyer", roles: ["admin"] },
  { id: "supplier:wang", name: "王强", latin: "Wang Qiang", title: "clerk", roles: ["admin"] },
  { id: "mall:zhao", name: "赵磊", latin: "Zhao Lei", title: "floor staff", roles: [] },
  { id: "comet:tang", name: "唐宁", latin: "Tang Ning", title: "buyer of another brand", roles: ["admin"] },
  {
    id: "plaza:mo",
    name: "莫言清",
    latin: "Mo Yanqing",
    title: "manager of another mall",
    roles: ["admin"],
  },
];

function organizationOf(personId: string): string {
  return personId.slice(0, personId.indexOf(":"));
}

/** Organizations that have people in the demo; not all of them are in its groups. */
export const DEMO_ORGANIZATIONS: readonly string[] = [
  ...new Set(DEMO_PEOPLE.map(({ id }) => organizationOf(id))),
];

/** The demo's people of one organization. */
export function peopleOf(organization: string): readonly DemoPerson[] {
  return DEMO_PEOPLE.filter(({ id }) => organizationOf(id) === organization);
}
