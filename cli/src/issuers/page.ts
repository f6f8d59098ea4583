// The page on which one of the demo's people is chosen.
import { createHash } from "node:crypto";
import type { IssuerOrganization } from "./organization.ts";

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif; }
  body { max-width: 24rem; margin: 12vh auto; padding: 0 1.25rem; }
  h1 { font-size: 1.25rem; margin: 0; } p { margin: .25rem 0 1.5rem; opacity: .75; }
  a { display: block; padding: .75rem 1rem; margin: .5rem 0; border: 1px solid #8886; border-radius: .75rem;
      color: inherit; text-decoration: none; }
  a:hover, a:focus-visible { border-color: currentColor; }
  a span { display: block; opacity: .75; font-size: .875rem; }
`;

/** Nothing runs on the page, and nothing but its own style is loaded. */
export const PAGE_POLICY: string = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** @param search of the address that the browser asked for; each link is the same with a person in it */
export function choosePage({ id, people }: IssuerOrganization, search: string): string {
  const links = people.map((person) => {
    const params = new URLSearchParams(search);
    params.set("login_hint", person.id);
    const title = person.title === undefined ? "" : `<span>${escape(person.title)}</span>`;
    return `<a href="?${escape(params.toString())}">${escape(person.name)}${title}</a>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in: ${escape(id)}</title>
<style>${STYLE}</style>
<h1>${escape(id)}</h1>
<p>A sign-in for the demo. Who are you?</p>
${links.join("\n")}
</html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
