// The floor: a bare server that sends the requests which Junto's plan sends, as many side by side, waits for their
// answers, and returns the bytes that Junto returned. It joins nothing and checks nothing.
//
// Its variant is what it sends with: undici's Pool.request, undici's Pool.dispatch (the cheapest that Node has), or
// nothing but node:http.
import { Agent, createServer, request as nodeRequest } from "node:http";
import { Pool } from "undici";
import { serve } from "./serve.mjs";

const HEADERS = { "content-type": "application/json", accept: "application/json" };
const CONNECTIONS = 64;

/** @type {Record<string, (url: string) => (body: string) => Promise<unknown>>} */
const clients = {
  request(url) {
    const { origin, pathname } = new URL(url);
    const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 });
    return async (body) => {
      const answer = await pool.request({ method: "POST", path: pathname, headers: HEADERS, body });
      return answer.body.text();
    };
  },
  dispatch(url) {
    const { origin, pathname } = new URL(url);
    const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 });
    return (body) =>
      new Promise((resolve, reject) => {
        const chunks = [];
        pool.dispatch(
          { method: "POST", path: pathname, headers: HEADERS, body },
          {
            onConnect() {},
            onHeaders: () => true,
            onData: (chunk) => chunks.push(chunk) > 0,
            onComplete: () => resolve(Buffer.concat(chunks).toString("utf8")),
            onError: reject,
          },
        );
      });
  },
  node(url) {
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    return (body) =>
      new Promise((resolve, reject) => {
        const headers = { ...HEADERS, "content-length": Buffer.byteLength(body) };
        nodeRequest(url, { method: "POST", agent, headers }, (answer) => {
          const chunks = [];
          answer.on("data", (chunk) => chunks.push(chunk));
          answer.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
          answer.on("error", reject);
        })
          .on("error", reject)
          .end(body);
      });
  },
};

/** What was recorded of Junto, by the text of the operation: with a hole for the key where requests differ by it. */
const recordings = new Map();
let subgraphs;

function compile({ waves, response, key }) {
  const filled = (text) => {
    const parts = key === undefined ? [text] : text.split(key);
    return parts.length === 1 ? () => text : (id) => parts.join(id);
  };
  return {
    waves: waves.map((wave) =>
      wave.map(({ subgraph, body }) => ({ send: subgraphs.get(subgraph), body: filled(body) })),
    ),
    response: filled(response),
  };
}

async function answer(text) {
  const { query, variables } = JSON.parse(text);
  const { waves, response } = recordings.get(query);
  for (const wave of waves)
    if (wave.length === 1) await wave[0].send(wave[0].body(variables.id));
    else await Promise.all(wave.map(({ send, body }) => send(body(variables.id))));
  return response(variables.id);
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    answer(Buffer.concat(chunks).toString("utf8")).then(
      (text) => {
        response.writeHead(200, {
          "content-type": "application/json; charset=utf-8",
          "content-length": Buffer.byteLength(text),
        });
        response.end(text);
      },
      (error) => response.writeHead(500).end(String(error?.stack)),
    );
  });
});

serve({
  async start(context) {
    const client = clients[context.variant];
    subgraphs = new Map([...context.subgraphs].map(([name, url]) => [name, client(url)]));
    await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
    return `http://127.0.0.1:${server.address().port}/graphql`;
  },
  /** What Junto did for a case. */
  prepare(recording) {
    recordings.set(recording.query, compile(recording));
  },
  close: () => server.closeAllConnections(),
});
