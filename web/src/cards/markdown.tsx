// The part of Markdown that Adaptive Cards read in their texts: emphasis, links, lists. It becomes elements, never HTML.
// https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features
import { httpAddress } from "@junto/template";
import { Fragment, type ReactNode } from "react";
import { balanced } from "./bidi.ts";

/** A text block: lines, and lists where lines begin with `- ` or `1. `. */
export function Markdown({ source }: { readonly source: string }): ReactNode {
  const blocks = blocksOf(source);
  return blocks.map((block, index) => {
    if (block.kind === "line")
      return (
        <Fragment key={index}>
          {index > 0 && blocks[index - 1]!.kind === "line" && <br />}
          {inline(block.text)}
        </Fragment>
      );
    const items = block.items.map((item, at) => <li key={at}>{inline(item)}</li>);
    return block.kind === "ordered" ? (
      <ol key={index} start={block.start}>
        {items}
      </ol>
    ) : (
      <ul key={index}>{items}</ul>
    );
  });
}

type Block =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "bullets"; readonly items: string[] }
  | { readonly kind: "ordered"; readonly items: string[]; readonly start: number };

function blocksOf(source: string): Block[] {
  const blocks: Block[] = [];
  for (const line of source.split(/\r?\n/).map(balanced)) {
    const bullet = /^\s*[-+*]\s+(.*)$/s.exec(line);
    const ordered = /^\s*(\d{1,9})\.\s+(.*)$/s.exec(line);
    const last = blocks.at(-1);
    if (bullet) {
      if (last?.kind === "bullets") last.items.push(bullet[1]!);
      else blocks.push({ kind: "bullets", items: [bullet[1]!] });
    } else if (ordered) {
      if (last?.kind === "ordered") last.items.push(ordered[2]!);
      else blocks.push({ kind: "ordered", items: [ordered[2]!], start: Number(ordered[1]) });
    } else {
      blocks.push({ kind: "line", text: line });
    }
  }
  return blocks;
}

/** Escapes first: `\*` is a star and begins nothing. No part of it is looked through again from each place where it could begin. */
const TOKEN =
  /\\(?<escaped>[!-/:-@[-`{-~])|\[(?<label>(?:\\.|[^[\]\\])+)\]\((?<address>[^()\s]+)\)|\*\*(?<strong>(?:\\.|[^*\\])+)\*\*|(?<![\p{L}\p{N}])_(?<em>(?:\\.|[^_\\])+)_(?![\p{L}\p{N}])|\*(?<star>(?:\\.|[^*\\])+)\*/gsu;

function inline(source: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const match of source.matchAll(TOKEN)) {
    if (match.index > at) parts.push(source.slice(at, match.index));
    const { escaped, label, address, strong, em, star } = match.groups!;
    const key = match.index;
    if (escaped !== undefined) parts.push(escaped);
    else if (label !== undefined) parts.push(<Link key={key} address={address!} label={label} />);
    else if (strong !== undefined) parts.push(<strong key={key}>{inline(strong)}</strong>);
    else parts.push(<em key={key}>{inline(em ?? star!)}</em>);
    at = match.index + match[0].length;
  }
  if (at < source.length) parts.push(source.slice(at));
  return parts;
}

function Link({ address, label }: { readonly address: string; readonly label: string }): ReactNode {
  const href = httpAddress(address);
  if (href === null) return inline(label);
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {inline(label)}
    </a>
  );
}
