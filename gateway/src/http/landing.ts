// The page at the gateway's address: what this is and how to talk to it.

export function landingPage(options: {
  readonly publicUrl: string;
  readonly organizations: readonly { readonly id: string; readonly name: string; readonly issuer: string }[];
}): string {
  const { publicUrl, organizations } = options;
  const socket = publicUrl.replace(/^http/, "ws");
  const rows = organizations
    .map(
      ({ id, name, issuer }) =>
        `<tr><td><code>${escape(id)}</code></td><td>${escape(name)}</td><td><code>${escape(issuer)}</code></td></tr>`,
    )
    .join("");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Junto gateway</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 46rem; margin: 3rem auto; padding: 0 1rem; }
  h1 { margin-bottom: 0; } h1 + p { margin-top: 0; opacity: .75; }
  table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #8885; }
  pre { padding: .75rem 1rem; overflow-x: auto; border: 1px solid #8885; border-radius: .4rem; }
</style>
<h1>Junto</h1>
<p>People of several organizations, one group, live cards from each one's own systems.</p>
<table>
  <tr><th>GraphQL over HTTP</th><td><code>${escape(publicUrl)}/graphql</code></td></tr>
  <tr><th>Subscriptions (graphql-ws)</th><td><code>${escape(socket)}/graphql</code></td></tr>
  <tr><th>Subscriptions (server-sent events)</th><td><code>${escape(publicUrl)}/graphql</code>, <code>accept: text/event-stream</code></td></tr>
  <tr><th>Changes from subgraphs</th><td><code>${escape(publicUrl)}/changes</code></td></tr>
  <tr><th>Public keys</th><td><a href="/.well-known/jwks.json">/.well-known/jwks.json</a></td></tr>
  <tr><th>Health, metrics</th><td><a href="/health">/health</a>, <a href="/metrics">/metrics</a></td></tr>
</table>
<h2>Organizations</h2>
<table><tr><th>Id</th><th>Name</th><th>Issuer</th></tr>${rows}</table>
<h2>A first query</h2>
<pre>curl ${escape(publicUrl)}/graphql \\
  -H 'content-type: application/json' \\
  -H "authorization: Bearer $TOKEN" \\
  -d '{"query": "{ me { id name } groups { id name } }"}'</pre>
<p>In a subscription the token goes into <code>connection_init</code>: <code>{"authorization": "Bearer …"}</code>.</p>
</html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
