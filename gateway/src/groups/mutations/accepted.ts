// What an administrator accepts of that which a scenario asks of their organization: all that is open, or one by one.
import type { Scenario } from "../context.ts";
import { refuse } from "../input.ts";
import type { GrantRow, NewGrant } from "../store.ts";

export interface AcceptGrantsInput {
  readonly all: boolean;
  readonly grants?: readonly GrantInput[] | null;
  readonly until?: Date | null;
}

interface GrantInput {
  readonly policy: string;
  readonly role: string;
  readonly until?: Date | null;
}

/**
 * @param standing what stands in the group already
 * @throws JuntoError when something is named that nobody asks of this organization
 */
export function accepted(
  { all, grants, until }: AcceptGrantsInput,
  scenario: Scenario,
  organization: string,
  standing: readonly GrantRow[],
): NewGrant[] {
  const asked = scenario.asked.filter((each) => each.organization === organization);
  if (new Set(grants?.map(({ policy, role }) => JSON.stringify([policy, role]))).size < (grants?.length ?? 0))
    refuse(["accept", "grants"], "TWICE", "A grant is named twice.");
  const named = (grants ?? []).map((wanted): NewGrant => {
    if (!asked.some((each) => isSame(each, wanted)))
      refuse(
        ["accept", "grants"],
        "NOT_ASKED",
        `${wanted.policy} for ${wanted.role} is not asked of your organization here.`,
      );
    const { policy, role } = wanted;
    return { policy, role, organization, until: wanted.until ?? until ?? null };
  });
  if (!all) {
    if (named.length === 0) refuse(["accept"], "REQUIRED", "Say which: all, or name them in `grants`.");
    return named;
  }
  const open = asked.filter(
    (each) => !standing.some((grant) => isSame(grant, each)) && !named.some((grant) => isSame(grant, each)),
  );
  return [
    ...named,
    ...open.map(({ policy, role }) => ({ policy, role, organization, until: until ?? null })),
  ];
}

/** Whether one answers the other. */
export function isSame(
  one: { readonly policy: string; readonly role: string },
  other: { readonly policy: string; readonly role: string },
): boolean {
  return one.policy === other.policy && one.role === other.role;
}
