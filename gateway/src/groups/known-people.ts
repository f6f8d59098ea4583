// Whoever signs in is known from then on, so that they can be added to groups by id; services are from the start, since
// nobody can ask a system to sign in once.
import { LRUCache } from "lru-cache";
import { servicesOf, type Identity, type TrustedOrganization } from "../identity/index.ts";
import type { Groups } from "./store.ts";

export function rememberingPeople(identity: Identity, groups: Pick<Groups, "savePerson">): Identity {
  const saved = new LRUCache<string, string>({ max: 10_000 });
  return {
    async identify(authorization) {
      const person = await identity.identify(authorization);
      if (person && saved.get(person.id) !== person.name) {
        await groups.savePerson({ id: person.id, organization: person.organization, name: person.name });
        saved.set(person.id, person.name);
      }
      return person;
    },
    trust: identity.trust,
    knows: identity.knows,
    close: identity.close,
  };
}

export async function rememberServices(
  organizations: readonly TrustedOrganization[],
  groups: Pick<Groups, "savePerson">,
): Promise<void> {
  for (const service of organizations.flatMap(servicesOf)) await groups.savePerson(service);
}
