// By what one looks through an access log.
import { useId, useMemo, useState, type FormEvent, type ReactNode } from "react";
import type { AccessKind, AccessLogFilter, AccessOutcome, LogChoicesQuery } from "../generated/graphql.ts";
import { useWorkspace } from "../state/hooks.ts";
import { useWords, type Word, type Words } from "../words/words.ts";
import { endOf } from "./parts.tsx";

/** As they were filled in; empty: it does not matter. */
export type Fields = Readonly<Record<FieldName, string>>;
type FieldName = (typeof FIELDS)[number];

const FIELDS = [
  "from",
  "until",
  "group",
  "by",
  "person",
  "policy",
  "kind",
  "outcome",
  "type",
  "key",
] as const;

export const NO_FILTER: Fields = {
  from: "",
  until: "",
  group: "",
  by: "",
  person: "",
  policy: "",
  kind: "",
  outcome: "",
  type: "",
  key: "",
};

const KINDS: readonly AccessKind[] = ["READ", "ACTION_BEGUN", "ACTION_ENDED"];
const OUTCOMES: readonly AccessOutcome[] = ["DONE", "REFUSED", "FAILED", "UNKNOWN"];

export function filterOf(fields: Fields): AccessLogFilter {
  const { from, until, kind, outcome, type, key, ...ids } = fields;
  const named = Object.fromEntries(Object.entries(ids).filter(([, value]) => value !== ""));
  return {
    ...named,
    ...(from !== "" && { from: new Date(`${from}T00:00:00`).toISOString() }),
    ...(until !== "" && { until: endOf(until) }),
    ...(kind !== "" && { kind: kind as AccessKind }),
    ...(outcome !== "" && { outcome: outcome as AccessOutcome }),
    ...(type !== "" && { entity: { type, ...(key !== "" && { key: keyOf(key) }) } }),
  };
}

/** By name; of others the id can be written. */
function peopleIn({ people, groups }: LogChoicesQuery, say: Words): readonly Choice[] {
  const met = groups.flatMap(({ members }) => members.map(({ person }) => person));
  const known = new Map([...(people ?? []), ...met].map((person) => [person.id, person]));
  return [...known.values()]
    .map(({ id, name, organization }) => ({ value: id, title: `${name} · ${say.nameOf(organization)}` }))
    .sort((a, b) => a.title.localeCompare(b.title, say.locale.replace("_", "-")));
}

/** `R00001234` is an id; `skuId=BL2481-38` names the key's field. */
function keyOf(typed: string): Readonly<Record<string, string>> {
  const at = typed.indexOf("=");
  return at < 1 ? { id: typed } : { [typed.slice(0, at)]: typed.slice(at + 1) };
}

export function LogFilter({
  choices,
  onLook,
}: {
  readonly choices: LogChoicesQuery;
  readonly onLook: (fields: Fields) => void;
}): ReactNode {
  const say = useWords();
  const { organizations, me } = useWorkspace();
  const [fields, setFields] = useState(NO_FILTER);
  const set = (name: FieldName) => (value: string) => setFields({ ...fields, [name]: value });
  const groups = choices.participations?.participations.map(({ group }) => group) ?? [];
  const look = (event: FormEvent): void => {
    event.preventDefault();
    onLook(fields);
  };
  const people = useMemo(() => peopleIn(choices, say), [choices, say]);
  const any = { value: "", title: say("log.any") };
  const choicesOf: Readonly<Partial<Record<FieldName, readonly Choice[]>>> = {
    group: groups.map(({ id, name }) => ({ value: id, title: name })),
    by: [me.organization, ...organizations.filter(({ id }) => id !== me.organization.id)].map((each) => ({
      value: each.id,
      title: say.nameOf(each),
    })),
    policy: (choices.policies ?? []).map((each) => ({ value: each.name, title: say.nameOf(each) })),
    kind: KINDS.map((value) => ({ value, title: say(`log.${value}`) })),
    outcome: OUTCOMES.map((value) => ({ value, title: say(`log.${value}`) })),
  };
  return (
    <details className="log-filter">
      <summary>{say("log.filter")}</summary>
      <form onSubmit={look}>
        {FIELDS.map((name) => (
          <Field
            key={name}
            name={name}
            value={fields[name]}
            choices={choicesOf[name] && [any, ...choicesOf[name]]}
            suggestions={name === "person" ? people : undefined}
            onChange={set(name)}
          />
        ))}
        <p className="log-filter-buttons">
          <button
            type="button"
            className="button"
            onClick={() => {
              setFields(NO_FILTER);
              onLook(NO_FILTER);
            }}
          >
            {say("log.all")}
          </button>
          <button type="submit" className="button button-first">
            {say("log.look")}
          </button>
        </p>
      </form>
    </details>
  );
}

interface Choice {
  readonly value: string;
  readonly title: string;
}

const EXAMPLES: Readonly<Partial<Record<FieldName, string>>> = {
  person: "brand:guo",
  type: "RestockOrder",
  key: "R00001234",
};

function Field({
  name,
  value,
  choices,
  suggestions,
  onChange,
}: {
  readonly name: FieldName;
  readonly value: string;
  readonly choices: readonly Choice[] | undefined;
  /** Others can be written. */
  readonly suggestions: readonly Choice[] | undefined;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const say = useWords();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{say(`log.by.${name}` as Word)}</label>
      {choices ? (
        <select id={id} value={value} onChange={({ target }) => onChange(target.value)}>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.title}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          list={suggestions && `${id}-list`}
          type={name === "from" || name === "until" ? "date" : "text"}
          placeholder={EXAMPLES[name]}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map((each) => (
            <option key={each.value} value={each.value}>
              {each.title}
            </option>
          ))}
        </datalist>
      )}
    </div>
  );
}
