// What the subgraphs answer: the same in every run. An entity of any id exists, and what it says depends on the id by
// its text alone, or by the number in an id of the small world; so an answer for one key is that for another with the
// key replaced.
type Row = Readonly<Record<string, unknown>>;

/** The small world of the heavy case; keys beyond it are the distinct ones of the card. */
const CUSTOMERS = 20;
const PRODUCTS = 20;
const REVIEWS_EACH = 3;
const REVIEWS = CUSTOMERS * REVIEWS_EACH;

const CITIES = ["Ningbo", "Leipzig", "Recife", "Osaka", "Accra"];
const MAKERS = ["Aurora", "Comet", "Harbour", "Plaza"];
const WORDS = "light firm wide soft narrow fine warm dry bright plain even good solid neat quiet".split(" ");

/** An id of the card's distinct keys: of one length, so that responses have one, too. */
export function distinctKey(number: number): string {
  return `key${String(number % 1_000_000).padStart(6, "0")}`;
}
/** Finds those keys in a text. */
export const DISTINCT_KEY = /key\d{6}/;

const numberOf = (id: string): number => (DISTINCT_KEY.test(id) ? 0 : Number(id.slice(1)));
const words = (seed: number, count: number): string =>
  Array.from({ length: count }, (_, at) => WORDS[(seed * 7 + at * (3 + (seed % 4))) % WORDS.length]).join(
    " ",
  );
const ids = (letter: string, count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, at) => `${letter}${from + at}`);

function customer(id: string): Row {
  const number = numberOf(id);
  const city = CITIES[number % CITIES.length];
  return { __typename: "Customer", id, name: `Customer ${id}`, email: `${id}@customers.example`, city };
}

function product(id: string): Row {
  const number = numberOf(id);
  return {
    __typename: "Product",
    id,
    name: `Shoe ${id} ${words(number, 2)}`,
    price: 4_900 + number * 310,
    weight: 400 + number * 35,
    maker: MAKERS[number % MAKERS.length],
    description: words(number, 60),
  };
}

function stock({ id, price, weight }: Row): Row {
  const number = numberOf(String(id));
  return {
    __typename: "Product",
    id,
    inStock: number % 3 !== 0,
    onHand: number * 4,
    shelves: Array.from({ length: 6 }, (_, at) => ({ code: `A${number}-${at}`, pairs: (number + at) % 9 })),
    shipping: Number(price) > 9_000 ? 0 : Math.round(Number(weight) / 2),
  };
}

function review(id: string): Row {
  const number = numberOf(id);
  return {
    __typename: "Review",
    id,
    stars: 1 + (number % 5),
    body: words(number, 3),
    author: { __typename: "Customer", id: `c${number % CUSTOMERS}` },
    product: { __typename: "Product", id: `p${(number * 7) % PRODUCTS}` },
  };
}

function reviewsOf(id: string): readonly Row[] {
  if (DISTINCT_KEY.test(id)) return ids("r", 12).map((each) => ({ ...review(each), id: `${id}-${each}` }));
  const mine = (each: Row): boolean =>
    (each["author"] as Row)["id"] === id || (each["product"] as Row)["id"] === id;
  return ids("r", REVIEWS).map(review).filter(mine);
}

const reviewed = ({ id, __typename }: Row): Row => ({ __typename, id });
const reviews = ({ id }: Row): readonly Row[] => reviewsOf(String(id));
const refer = (read: (id: string) => Row) => (reference: Row) => read(String(reference["id"]));

/** The resolvers of each subgraph, for @apollo/subgraph. */
export const RESOLVERS: Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>
> = {
  accounts: {
    Query: {
      customers: (_: unknown, { first }: { first: number }) => ids("c", first).map(customer),
      customer: (_: unknown, { id }: { id: string }) => customer(id),
    },
    Customer: { __resolveReference: refer(customer) },
  },
  products: {
    Query: {
      products: (_: unknown, { first }: { first: number }) => ids("p", first).map(product),
      product: (_: unknown, { id }: { id: string }) => product(id),
    },
    Product: { __resolveReference: refer(product) },
  },
  inventory: { Product: { __resolveReference: stock } },
  reviews: {
    Review: { __resolveReference: refer(review) },
    Customer: { __resolveReference: reviewed, reviews },
    Product: { __resolveReference: reviewed, reviews },
  },
};
