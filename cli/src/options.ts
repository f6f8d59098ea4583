// Options that several commands have, and how their values are checked.
import { InvalidArgumentError, Option, type Command } from "commander";

/** Adds `--as`, `--url`, `--issuers` and `--data`. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option("--as <person>", "who asks, for example mall:lin (or a token in JUNTO_TOKEN)", personId)
    .option(
      "--url <url>",
      "the gateway (default: JUNTO_URL, the running demo, or http://127.0.0.1:4000)",
      address,
    )
    .option("--issuers <url>", "the demo's issuers (default: the running demo's)", address)
    .option("--data <folder>", "data folder of the demo", ".junto");
}

export function localeOption(): Option {
  return new Option("--locale <locale>", "language of cards").choices(["en", "zh_CN"]).default("en");
}

export function seq(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Give a whole number, 0 or more.");
}

/** A port as text, checked. */
export function port(text: string): string {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return text;
  throw new InvalidArgumentError("Give a number from 0 (any that is free) to 65535.");
}

export function personId(text: string): string {
  if (/^[a-z][a-z0-9-]*:[^\s:]+$/.test(text)) return text;
  throw new InvalidArgumentError("A person is an organization and a name, for example mall:lin.");
}

export function address(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError("Give an address such as http://127.0.0.1:4000.");
}
