// Cases whose right answer the engine does not give yet, each with the reason. The suite holds that they still differ,
// so that who mends the engine finds the entry here and takes it out.

/** `chapter/graph/case` ▸ what is wrong, and where. */
export const KNOWN: Readonly<Record<string, string>> = {};
