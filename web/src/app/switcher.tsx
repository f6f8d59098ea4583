// To anywhere by a few letters: groups, people in them, pages, and what can be done from where one is.
import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { useCallback, useMemo, useState, type ReactNode } from "react";
import { EverybodyDocument, type EverybodyQuery } from "../generated/graphql.ts";
import type { Group } from "../junto/index.ts";
import { useAnswer } from "../state/answer.ts";
import { commandsHere, type Command } from "../state/commands.ts";
import { useWatched, useWorkspace } from "../state/hooks.ts";
import { useWords, type Words } from "../words/words.ts";
import { fit } from "./fuzzy.ts";
import { go } from "./route.ts";

const MOST = 50;

export function Switcher({ onClose }: { readonly onClose: () => void }): ReactNode {
  const say = useWords();
  const { connection, groups: listed, me } = useWorkspace();
  const list = useWatched(listed);
  const [everybody] = useAnswer(useCallback(() => connection.ask(EverybodyDocument, {}), [connection]));
  const here = useWatched(commandsHere);
  const [typed, setTyped] = useState("");
  const all = useMemo(() => {
    const known = everybody.kind === "there" ? everybody.result.groups : [];
    const subjects = new Map(known.map(({ id, subject }) => [id, `${subject.type} ${subject.id}`]));
    return [
      ...(typeof list === "string" ? [] : list).map((group) => toGroup(group, subjects.get(group.id), say)),
      ...[...here.values()].flat(),
      ...known.flatMap((group) => toPeople(group, me.id, say)),
    ];
  }, [list, everybody, here, me, say]);
  const found = useMemo(() => best(all, typed), [all, typed]);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="sheet-backdrop" />
        <Dialog.Popup className="switcher" aria-label={say("switcher.title")}>
          <Autocomplete.Root
            open
            inline
            items={found}
            filter={null}
            value={typed}
            onValueChange={setTyped}
            itemToStringValue={({ title }: Command) => title}
            autoHighlight="always"
            keepHighlight
          >
            <Autocomplete.Input
              className="switcher-input"
              aria-label={say("switcher.title")}
              placeholder={say("switcher.placeholder")}
            />
            <Dialog.Close className="visually-hidden">{say("app.close")}</Dialog.Close>
            <Autocomplete.Empty className="menu-note">
              {found.length === 0 && say("switcher.nothing")}
            </Autocomplete.Empty>
            <Autocomplete.List className="switcher-list">
              {(command: Command) => (
                <Autocomplete.Item
                  key={command.id}
                  value={command}
                  className="search-item"
                  onClick={() => {
                    onClose();
                    command.run();
                  }}
                >
                  <span>{command.title}</span>
                  <span className="quiet">{command.hint}</span>
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Those that fit, the best first; of those that fit as well, in the order in which they are. */
function best(all: readonly Command[], typed: string): readonly Command[] {
  const scored = all.flatMap((command) => {
    const byTitle = fit(typed, command.title);
    // What it is about counts less than what it is called.
    const byHint = fit(typed, `${command.title} ${command.hint ?? ""}`);
    const score = byTitle ?? (byHint === null ? null : byHint - 5);
    return score === null ? [] : [{ command, score }];
  });
  return scored
    .toSorted((one, other) => other.score - one.score)
    .slice(0, MOST)
    .map(({ command }) => command);
}

/** @param subject undefined: it is not known yet */
function toGroup({ id, name, organizations }: Group, subject: string | undefined, say: Words): Command {
  return {
    id: `group ${id}`,
    title: name,
    hint: [...(subject === undefined ? [] : [subject]), ...organizations.map(say.nameOf)].join(" · "),
    run: () => go({ page: "group", id }),
  };
}

/** Whoever is looked for is found in the groups that one shares with them. */
function toPeople(
  { id, name, members }: EverybodyQuery["groups"][number],
  me: string,
  say: Words,
): Command[] {
  return members
    .filter(({ person }) => person.id !== me)
    .map(({ person }) => ({
      id: `person ${person.id} ${id}`,
      title: person.name,
      hint: `${say.nameOf(person.organization)} · ${name}`,
      run: () => go({ page: "group", id }),
    }));
}
