// Templates by ref and language: fetched once, then kept for as long as the page lives.
import { readTemplate, type Template } from "@junto/template";
import { TemplateDocument } from "../generated/graphql.ts";
import type { Connection } from "./connection.ts";
import { createStore, type Watched } from "./store.ts";
import type { Card, Locale } from "./types.ts";

export interface Templates {
  /** By `ref locale`; null: it is there, and cannot be read. */
  readonly all: Watched<ReadonlyMap<string, Template | null>>;
  /** The template, if it is there; otherwise it is fetched. */
  of(group: string, card: Pick<Card, "id" | "template">, locale: Locale): Template | null | undefined;
}

const AGAIN = 3_000;

export function createTemplates(connection: Pick<Connection, "ask">): Templates {
  const all = createStore<ReadonlyMap<string, Template | null>>(new Map());
  const asked = new Set<string>();

  async function load(group: string, card: string, locale: Locale, key: string): Promise<void> {
    try {
      const answer = await connection.ask(TemplateDocument, { group, card, locale });
      const found = answer.group?.card?.template;
      // The card may have got another template meanwhile: it is kept under its own name.
      const name = found ? `${found.ref} ${locale}` : key;
      const template = found ? readTemplate(found.ref, found.body, tagOf(locale)) : null;
      all.update((known) => new Map(known).set(name, template));
      if (name !== key) asked.delete(key);
    } catch {
      // Asked again when the card is drawn again, and not at once.
      setTimeout(() => {
        asked.delete(key);
        all.update((known) => new Map(known));
      }, AGAIN);
    }
  }

  return {
    all,
    of(group, { id, template: { ref } }, locale) {
      const key = `${ref} ${locale}`;
      const known = all.get().get(key);
      if (known === undefined && !asked.has(key)) {
        asked.add(key);
        void load(group, id, locale, key);
      }
      return known;
    },
  };
}

/** GraphQL names cannot hold a hyphen. */
export function tagOf(locale: Locale): "en" | "zh-CN" {
  return locale === "zh_CN" ? "zh-CN" : "en";
}
