// What mutations give back: the thing as it is afterwards, or user errors.
import type { GroupsContext, UserError } from "../context.ts";
import { asUserError } from "../input.ts";
import { forgetLoaded, loaders } from "../loaders.ts";
import type { GroupRow } from "../store.ts";

export type Mutation<Args, Payload> = (
  source: unknown,
  args: Args,
  context: GroupsContext,
) => Promise<Payload>;

export type GroupPayload = { readonly group: GroupRow | null; readonly userErrors: readonly UserError[] };
export type InGroup = { readonly groupId: string };

/** The group as it is afterwards, if who asked is a member of it. */
export function changed(context: GroupsContext, work: () => Promise<string>): Promise<GroupPayload> {
  return orUserErrors({ group: null }, async () => {
    const groupId = await work();
    forgetLoaded(context);
    return { group: await loaders(context).group.load(groupId), userErrors: [] };
  });
}

export async function orUserErrors<Payload, Nothing extends object>(
  nothing: Nothing,
  work: () => Promise<Payload>,
): Promise<Payload | (Nothing & { readonly userErrors: readonly UserError[] })> {
  try {
    return await work();
  } catch (error) {
    const userError = asUserError(error);
    if (userError === null) throw error;
    return { ...nothing, userErrors: [userError] };
  }
}
