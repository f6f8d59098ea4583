// Cases whose right answer the engine does not give yet, each with the reason. The suite holds that they still differ,
// so that who mends the engine finds the entry here and takes it out.

const REQUIRED_WITH_THE_KEY =
  'the planner cannot plan a field whose requirement and key both come from one entity fetch ("Expected a single parent, but the FetchStep has many"): a clear PLAN_FAILED';
const INTERFACE_NAME =
  "the name that an @interfaceObject gives an object stays in execute/ when another subgraph says its type";

/** `chapter/graph/case` ▸ what is wrong, and where. */
export const KNOWN: Readonly<Record<string, string>> = {
  "requires/failing/others-of-the-same-subgraph":
    "the planner asks in one fetch for fields that require something and fields that do not; execute/ leaves out an entity whose representation is incomplete, and with it the fields that require nothing",
  "requires/key-on-the-way/key-and-field-from-one": REQUIRED_WITH_THE_KEY,
  "override/key-and-requires/required-field-that-moved": REQUIRED_WITH_THE_KEY,
  "entity-interfaces/fleet/interface-object-to-concrete-of-both":
    "the planner finds no way from an @interfaceObject to the fields of one type where two subgraphs have the interface: a clear PLAN_FAILED",
  "interface-object/library/concrete-field-of-a-third-subgraph": INTERFACE_NAME,
  "interface-object/library/concrete-fields-from-the-interface-object": INTERFACE_NAME,
  "interface-object/library/concrete-fields-of-one-type-only": INTERFACE_NAME,
  "interface-object/library/nested-fragments": INTERFACE_NAME,
  "interface-object/library/not-resolvable-typename": INTERFACE_NAME,
  "interface-object/library/typename-from-the-interface-object": INTERFACE_NAME,
  "interface-object/library/typename-only-from-the-interface-object": INTERFACE_NAME,
  "introspection/atlas/in-fragments":
    "introspection within a fragment on the root is not split off in execute/: a clear PLAN_FAILED",
  "skip-include/theatre/sub-selections-under-conditions":
    "an object is selected twice, each time under a condition: shape/ writes what is below without it",
};
