// Junto as it is shipped: built, with its own doors, access and database.
import { createLog, startGateway } from "@junto/gateway";
import { serve } from "./serve.mjs";

let gateway;

serve({
  async start({ junto }) {
    gateway = await startGateway(junto, { log: createLog({ level: junto.logLevel, name: "gateway" }) });
    return `${gateway.url}/graphql`;
  },
  close: () => gateway?.close(),
});
