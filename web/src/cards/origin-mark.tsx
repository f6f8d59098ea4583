// A small mark at a value; asked, it says where the value comes from, or why there is none and who can change that.
import { Popover } from "@base-ui/react/popover";
import { use, type ReactNode } from "react";
import { useWords, type Words } from "../words/words.ts";
import { toneOf } from "../chat/avatar.tsx";
import { plain } from "./json.ts";
import { OriginsContext } from "./asking.ts";
import type { Origin } from "./origins.ts";

export function OriginMark({
  value,
  origins,
}: {
  readonly value: string;
  readonly origins: readonly Origin[];
}): ReactNode {
  const say = useWords();
  const people = use(OriginsContext)?.people ?? [];
  const isAbsent = origins.some(({ kind }) => kind !== "answered");
  const names = [...new Set(origins.map(({ organization }) => say.nameOf(organization)))];
  return (
    <Popover.Root>
      <Popover.Trigger
        className="origin-mark"
        openOnHover
        delay={150}
        aria-label={say("origin.of", { value: plain(value), names: say.list(names) })}
      >
        {isAbsent ? (
          <span className="origin-why" aria-hidden="true">
            ?
          </span>
        ) : (
          names.map((name, index) => (
            <span
              key={name}
              className={`origin-dot tone-${toneOf(origins[index]!.organization.id)}`}
              aria-hidden="true"
            />
          ))
        )}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} collisionPadding={8} className="menu-positioner">
          <Popover.Popup className="origin" aria-label={say("card.sources")}>
            <ul>
              {origins.map((origin, index) => (
                <li key={index}>
                  <span className={`dot tone-${toneOf(origin.organization.id)}`} aria-hidden="true" />
                  <span>
                    <strong>{say.nameOf(origin.organization)}</strong>
                    {wordsOf(origin, say, peopleOf(origin))}
                  </span>
                </li>
              ))}
            </ul>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );

  function peopleOf({ organization }: Origin): string {
    return say.list(people.flatMap((each) => (each.organization.id === organization.id ? [each.name] : [])));
  }
}

function wordsOf(origin: Origin, say: Words, who: string): string {
  if (origin.kind !== "withheld") {
    const { system, at, kind } = origin;
    return ` ${say(`origin.${kind}`, { system: say.nameOf(system), when: say.time(at) })}`;
  }
  const policy = origin.policy ? say.nameOf(origin.policy) : "none";
  return ` ${say("origin.withheld", { policy, who: who || "none" })}`;
}
