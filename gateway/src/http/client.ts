// The web client, as it was built: its files, and what it has to know before anybody is signed in.
//
// All files are read at the start. An address is looked up among them and never made into a path, so no address leads
// out of their folder.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { JuntoError } from "../errors/index.ts";

export interface ClientParts {
  /** The folder with `index.html`. */
  readonly dir: string;
  readonly organizations: () => readonly ClientOrganization[];
  /** Origins, besides the gateway's own, from which cards may show pictures. */
  readonly imageOrigins: readonly string[];
}

export interface ClientOrganization {
  readonly id: string;
  /** By language. */
  readonly name: object;
  readonly issuer: string;
}

/** The client, as each organization's issuer knows it. */
const CLIENT_ID = "junto-web";

/**
 * Adds an address for each file, `/` for `index.html`, and `/client.json`.
 * @throws JuntoError CONFIGURATION when there is no client in the folder
 */
export function addClient(app: FastifyInstance, parts: ClientParts): void {
  for (const file of readFiles(parts.dir)) {
    const isPage = file.path === "/index.html";
    app.get(isPage ? "/" : file.path, (request, reply) => {
      void reply.headers(SAFE);
      if (isPage) void reply.header("content-security-policy", policyOf(parts));
      return sendFile(file, request, reply);
    });
  }
  app.get("/client.json", async (_request, reply) => {
    void reply.headers({ ...SAFE, "cache-control": "no-cache" });
    const { imageOrigins } = parts;
    return { clientId: CLIENT_ID, organizations: parts.organizations(), imageOrigins };
  });
}

const SAFE: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
};

/** Nothing runs and nothing is loaded but the client's own files; it talks with the gateway and the sign-ins only. */
function policyOf({ organizations, imageOrigins }: ClientParts): string {
  const issuers = new Set(organizations().map(({ issuer }) => new URL(issuer).origin));
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src ${["'self'", ...imageOrigins].join(" ")}`,
    `connect-src ${["'self'", ...issuers].join(" ")}`,
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}

interface ClientFile {
  /** In the address. */
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
  readonly etag: string;
  /** Its name changes with its content. */
  readonly isForEver: boolean;
  /** Encoding ▸ the body in it; made when it is first asked for. */
  readonly encoded: Map<Encoding, Promise<Buffer>>;
}

type Encoding = "br" | "gzip";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json; charset=utf-8",
  webmanifest: "application/manifest+json",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  woff2: "font/woff2",
};

function readFiles(dir: string): ClientFile[] {
  if (!existsSync(join(dir, "index.html"))) {
    throw new JuntoError(
      "CONFIGURATION",
      `There is no web client in ${dir}: it has no index.html. Build it (npm run build --workspace web), or leave JUNTO_WEB_DIR away.`,
    );
  }
  return readdirSync(dir, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const type = TYPES[entry.name.slice(entry.name.lastIndexOf(".") + 1)];
    // Only plain files of kinds that a page loads: no link, no source map, nothing that lies there by chance.
    if (!entry.isFile() || entry.name.startsWith(".") || type === undefined) return [];
    const file = join(entry.parentPath, entry.name);
    const body = readFileSync(file);
    const path = `/${relative(dir, file).split(sep).join("/")}`;
    const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
    return [{ path, type, body, etag, isForEver: path.startsWith("/assets/"), encoded: new Map() }];
  });
}

async function sendFile(
  file: ClientFile,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  void reply.headers({
    etag: file.etag,
    vary: "Accept-Encoding",
    "cache-control": file.isForEver ? "public, max-age=31536000, immutable" : "no-cache",
  });
  if (matches(request.headers["if-none-match"], file.etag)) return reply.code(304).send();
  const encoding = encodingFor(file, request.headers["accept-encoding"]);
  void reply.type(file.type);
  if (encoding === null) return reply.send(file.body);
  const encoded = file.encoded.get(encoding) ?? encode(file.body, encoding);
  file.encoded.set(encoding, encoded);
  return reply.header("content-encoding", encoding).send(await encoded);
}

function matches(header: string | undefined, etag: string): boolean {
  return header?.split(",").some((each) => each.trim().replace(/^W\//, "") === etag) ?? false;
}

function encodingFor({ type, body }: ClientFile, accepted = ""): Encoding | null {
  if (body.length < 1_024 || type.startsWith("image/png") || type.startsWith("font/")) return null;
  const taken = accepted.split(",").map((each) => each.trim().replace(/\s*;\s*q=0(\.0*)?$/, ";no"));
  const names = new Set(taken.map((each) => each.split(/\s*;(?!no$)/)[0]));
  if (names.has("br")) return "br";
  return names.has("gzip") ? "gzip" : null;
}

function encode(body: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === "gzip") return promisify(gzip)(body, { level: 9 });
  return promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } });
}
