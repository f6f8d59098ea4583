// Folders of apps that tests may spoil.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { GraphQLSchema } from "graphql";
import { JuntoError } from "../../../errors/index.ts";
import { loadApps } from "../apps.ts";
import { SCHEMA_DIR } from "./graph.ts";

export const APPS: string = `${SCHEMA_DIR}/apps`;

const folders: string[] = [];

/** To be called after each test. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "junto-"));
  folders.push(dir);
  return dir;
}

/** A copy of the counter's apps. */
export function copyOfApps(): string {
  const dir = temporaryFolder();
  cpSync(APPS, dir, { recursive: true });
  return dir;
}

export function write(dir: string, file: string, text: string): void {
  mkdirSync(dirname(join(dir, file)), { recursive: true });
  writeFileSync(join(dir, file), text);
}

export function card(body: unknown): string {
  return JSON.stringify({ type: "AdaptiveCard", version: "1.5", body });
}

export function problemsOf(dir: string, schema: GraphQLSchema): string[] {
  try {
    loadApps(dir, schema);
  } catch (error) {
    if (error instanceof JuntoError && error.code === "CONFIGURATION")
      return error.details["problems"] as string[];
    throw error;
  }
  return [];
}
