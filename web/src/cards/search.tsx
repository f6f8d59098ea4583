// A choice out of many: one types a part of its title, and chooses among what is left.
import { Combobox } from "@base-ui/react/combobox";
import type { ReactNode } from "react";
import { balanced } from "./bidi.ts";

export interface Choice {
  readonly title: string;
  readonly value: string;
}

export function Search({
  id,
  choices,
  value,
  placeholder,
  described,
  onChange,
}: {
  readonly id: string;
  readonly choices: readonly Choice[];
  readonly value: string;
  readonly placeholder: string;
  readonly described: object;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const chosen = choices.find((choice) => choice.value === value) ?? null;
  return (
    <Combobox.Root
      items={choices}
      value={chosen}
      itemToStringLabel={(choice: Choice) => choice.title}
      isItemEqualToValue={(a: Choice, b: Choice) => a.value === b.value}
      onValueChange={(choice: Choice | null) => onChange(choice?.value ?? "")}
      limit={100}
    >
      <Combobox.Input id={id} className="search-input" placeholder={placeholder} {...described} />
      <Combobox.Portal>
        <Combobox.Positioner className="search-positioner" sideOffset={4}>
          <Combobox.Popup className="search-popup">
            <Combobox.List className="search-list">
              {(choice: Choice) => (
                <Combobox.Item key={choice.value} value={choice} className="search-item">
                  <bdi>{balanced(choice.title)}</bdi>
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}
