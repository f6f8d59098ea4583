// For tests: the people of the demo, and the group about counter 017.
import type { Groups, GroupRow } from "./store.ts";

const PEOPLE = [
  { id: "mall:lin", organization: "mall", name: "林静" },
  { id: "mall:zhao", organization: "mall", name: "赵磊" },
  { id: "brand:guo", organization: "brand", name: "郭敏" },
  { id: "brand:chen", organization: "brand", name: "陈曦" },
  { id: "supplier:wang", organization: "supplier", name: "王强" },
  { id: "plaza:mo", organization: "plaza", name: "莫言清" },
] as const;

/**
 * Makes the people known and the group with lin in it, and, unless told otherwise, everyone else of the story: their
 * organizations are invited and come in. So its feed begins with eight rows, or with one.
 */
export async function makeCounterGroup(
  groups: Groups,
  { key = "counter-017", alone = false }: { readonly key?: string; readonly alone?: boolean } = {},
): Promise<GroupRow> {
  for (const person of PEOPLE) await groups.savePerson(person);
  const { group } = await groups.createGroup({
    scenario: "counter",
    name: "Counter 017",
    subject: { type: "Counter", id: "017" },
    createdBy: "mall:lin",
    organization: "mall",
    role: "manager",
    key,
  });
  if (!alone) {
    await comeIn(groups, group.id, [
      { person: "brand:guo", role: "guide" },
      { person: "brand:chen", role: "buyer" },
    ]);
    await comeIn(groups, group.id, [{ person: "supplier:wang", role: "supplier" }]);
  }
  return (await groups.group(group.id))!;
}

/** It is found to be the turn of the people of the story to whom a card is addressed, who may do this with it. */
export async function itIsTheirTurn(
  groups: Groups,
  cardId: string,
  verbs: readonly string[] = ["restock.approve"],
): Promise<void> {
  const card = (await groups.card(cardId))!;
  await groups.setTurns(
    card,
    card.to.map((role) => ({ organization: ORGANIZATION_OF[role]!, role, verbs })),
  );
}

const ORGANIZATION_OF: Readonly<Record<string, string>> = {
  manager: "mall",
  guide: "brand",
  buyer: "brand",
  supplier: "supplier",
};

/** Lin invites the organization of these people, and the last of them accepts. */
export async function comeIn(
  groups: Groups,
  groupId: string,
  members: readonly { readonly person: string; readonly role: string }[],
): Promise<void> {
  const actor = members.at(-1)!.person;
  const organization = actor.split(":")[0]!;
  const { id } = await groups.invite(groupId, { organization, actor: "mall:lin", from: "mall" });
  await groups.acceptInvitation(id, { members, grants: [] }, actor);
}
