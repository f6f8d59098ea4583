import { expect, it } from "vitest";
import { member, startShop } from "./shop.fixture.ts";

it("answers the gateway", async () => {
  const { gateway, subgraph } = await startShop();
  const result = await gateway.query(
    subgraph,
    `{ counter(id: "017") { id name orders { id } products { id } } }`,
    {},
    member,
  );
  expect(result).toEqual({
    status: 200,
    data: {
      counter: {
        id: "017",
        name: "Belle",
        orders: [{ id: "R1" }],
        products: [{ id: "BL1" }, { id: "BL2" }, { id: "BL1" }],
      },
    },
  });
});
