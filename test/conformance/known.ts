// Cases whose right answer the engine does not give yet, each with the reason. The suite holds that they still differ,
// so that who mends the engine finds the entry here and takes it out.

const REQUIRED_WITH_THE_KEY =
  'the planner cannot plan a field whose requirement and key both come from one entity fetch ("Expected a single parent, but the FetchStep has many"): a clear PLAN_FAILED';

/** `chapter/graph/case` ▸ what is wrong, and where. */
export const KNOWN: Readonly<Record<string, string>> = {
  "requires/key-on-the-way/key-and-field-from-one": REQUIRED_WITH_THE_KEY,
  "override/key-and-requires/required-field-that-moved": REQUIRED_WITH_THE_KEY,
  "entity-interfaces/fleet/interface-object-to-concrete-of-both":
    "the planner finds no way from an @interfaceObject to the fields of one type where two subgraphs have the interface: a clear PLAN_FAILED",
};
