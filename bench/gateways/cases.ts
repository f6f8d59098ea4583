// What is asked of every gateway.
import { distinctKey } from "./data.ts";

export interface Case {
  readonly name: "heavy" | "card" | "distinct" | "small";
  readonly title: string;
  readonly query: string;
  /** Of the request with this number. */
  readonly variables: (number: number) => Readonly<Record<string, unknown>>;
}

const PRODUCT = `id name price weight inStock shipping`;
/** At each of its levels, what is said of a product comes from two subgraphs, and of its reviews' authors from a third. */
const REVIEWED = `reviews { id stars body author { id name city reviews { id stars body product { ${PRODUCT} } } } }`;
const HEAVY = `query Heavy($customers: Int!, $products: Int!) {
  customers(first: $customers) { id name email city reviews { id stars body product { ${PRODUCT} ${REVIEWED} } } }
  products(first: $products) { ${PRODUCT} maker ${REVIEWED} }
}`;
/** As the cards of this project are: something with lines, and what each line is about from another subgraph. */
const CARD = `query Card($id: ID!) {
  customer(id: $id) {
    id name email city
    reviews { id stars body product { id name price weight maker } }
  }
}`;
const SMALL = `query Small($id: ID!) { customer(id: $id) { id name city } }`;

export const CASES: readonly Case[] = [
  {
    name: "heavy",
    title: "(a) heavy",
    query: HEAVY,
    variables: () => ({ customers: 13, products: 8 }),
  },
  { name: "card", title: "(b) card", query: CARD, variables: () => ({ id: distinctKey(0) }) },
  {
    name: "distinct",
    title: "(c) card, distinct variables",
    query: CARD,
    variables: (number) => ({ id: distinctKey(number) }),
  },
  { name: "small", title: "(d) small pass-through", query: SMALL, variables: () => ({ id: "c7" }) },
];

/** The body of the request with this number. */
export function bodyOf({ query, variables }: Case, number: number): string {
  return JSON.stringify({ query, variables: variables(number) });
}
