// A person of one's own organization, found by a part of the name: the gateway looks, since there may be many.
import { Combobox } from "@base-ui/react/combobox";
import { useEffect, useState, type ReactNode } from "react";
import { PeopleDocument } from "../generated/graphql.ts";
import type { Person } from "../junto/index.ts";
import { useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";

/** Milliseconds without another letter before the gateway is asked. */
const PAUSE = 150;

export function PersonPicker({
  id,
  group,
  person,
  without,
  onChange,
}: {
  readonly id: string;
  /** In which they are to be added; null: who asks is an administrator. */
  readonly group: string | null;
  readonly person: Person | null;
  /** Ids of people who are not to be chosen. */
  readonly without: ReadonlySet<string>;
  readonly onChange: (person: Person | null) => void;
}): ReactNode {
  const say = useWords();
  const { connection } = useWorkspace();
  const [search, setSearch] = useState("");
  const [found, setFound] = useState<readonly Person[]>([]);
  useEffect(() => {
    let isNewest = true;
    const timer = setTimeout(() => {
      connection.ask(PeopleDocument, { group, search }).then(
        ({ people }) => isNewest && setFound(people ?? []),
        () => undefined, // what was found before stays
      );
    }, PAUSE);
    return () => {
      isNewest = false;
      clearTimeout(timer);
    };
  }, [connection, group, search]);
  return (
    <Combobox.Root
      items={found.filter((each) => !without.has(each.id))}
      filter={null}
      value={person}
      itemToStringLabel={({ name }: Person) => name}
      isItemEqualToValue={(one: Person, other: Person) => one.id === other.id}
      onValueChange={(next: Person | null) => onChange(next)}
      onInputValueChange={(typed, { reason }) => setSearch(reason === "input-change" ? typed.trim() : "")}
    >
      <Combobox.Input id={id} className="input" placeholder={say("people.find")} />
      <Combobox.Portal>
        <Combobox.Positioner className="search-positioner" sideOffset={4}>
          <Combobox.Popup className="search-popup">
            <Combobox.Empty className="menu-note">{say("people.none")}</Combobox.Empty>
            <Combobox.List className="search-list">
              {(each: Person) => (
                <Combobox.Item key={each.id} value={each} className="search-item">
                  {each.name} <span className="quiet">{each.id}</span>
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}
