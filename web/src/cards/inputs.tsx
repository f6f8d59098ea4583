// A form's inputs. Each holds its value in the draft, by its id: whatever changes around it, what was typed stays.
import { lazy, Suspense, use, useId, type ReactNode } from "react";
import { useWords } from "../words/words.ts";
import { balanced, isolated } from "./bidi.ts";
import { FormContext, valueOf } from "./form-state.ts";
import { elements, oneOf, text, type Element } from "./json.ts";
import { Markdown } from "./markdown.tsx";
import type { Choice } from "./search.tsx";

const Search = lazy(() => import("./search.tsx").then(({ Search: View }) => ({ default: View })));

const LazyGrid = lazy(() => import("./grid/size-grid.tsx").then(({ SizeGrid: View }) => ({ default: View })));

interface InputProps {
  readonly element: Element;
}

/** What an input needs of its form, and how it is described to who cannot see it. */
interface Field {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly error: string | undefined;
  set(value: string): void;
  readonly described: {
    readonly "aria-invalid": boolean;
    readonly "aria-describedby": string | undefined;
    readonly "aria-required": boolean;
  };
}

function useField(element: Element): Field {
  const form = use(FormContext);
  const id = useId();
  const name = text(element["id"]);
  const error = form?.errors.get(name);
  return {
    id,
    name,
    value: valueOf(element, form?.values),
    error,
    set: (value) => form?.set(name, value),
    described: {
      "aria-invalid": error !== undefined,
      "aria-describedby": error === undefined ? undefined : `${id}-error`,
      "aria-required": element["isRequired"] === true,
    },
  };
}

function Labelled({
  element,
  field,
  children,
}: {
  readonly element: Element;
  readonly field: Field;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={field.error === undefined ? "field" : "field field-wrong"} data-input={field.name}>
      <label htmlFor={field.id}>
        <bdi>{balanced(text(element["label"]) || text(element["placeholder"]))}</bdi>
        <Required element={element} />
      </label>
      {children}
      <Problem field={field} />
    </div>
  );
}

function Required({ element }: InputProps): ReactNode {
  const say = useWords();
  return element["isRequired"] === true ? (
    <span className="field-required" title={say("input.required")} aria-hidden="true">
      *
    </span>
  ) : null;
}

function Problem({ field }: { readonly field: Field }): ReactNode {
  return field.error === undefined ? null : (
    <p className="field-error" id={`${field.id}-error`}>
      {field.error}
    </p>
  );
}

function TextInput({ element }: InputProps): ReactNode {
  const field = useField(element);
  const most = Number(element["maxLength"]);
  const common = {
    id: field.id,
    name: field.name,
    value: field.value,
    placeholder: text(element["placeholder"]),
    ...(most > 0 && { maxLength: most }),
    ...field.described,
  };
  return (
    <Labelled element={element} field={field}>
      {element["isMultiline"] === true ? (
        <textarea {...common} rows={3} onChange={({ target }) => field.set(target.value)} />
      ) : (
        <input
          {...common}
          type={oneOf(element["style"], "text", "email", "tel", "url", "password")}
          onChange={({ target }) => field.set(target.value)}
        />
      )}
    </Labelled>
  );
}

/** A text for digits: what a number field of a browser does with wheels, commas and wide digits surprises people. */
function NumberInput({ element }: InputProps): ReactNode {
  const field = useField(element);
  return (
    <Labelled element={element} field={field}>
      <input
        id={field.id}
        name={field.name}
        className="field-number"
        inputMode={Number.isInteger(element["min"] ?? 0) ? "numeric" : "decimal"}
        autoComplete="off"
        value={field.value}
        placeholder={text(element["placeholder"])}
        {...field.described}
        onChange={({ target }) => field.set(target.value)}
      />
    </Labelled>
  );
}

function DateInput({ element }: InputProps): ReactNode {
  const field = useField(element);
  return (
    <Labelled element={element} field={field}>
      <input
        id={field.id}
        name={field.name}
        type={element["type"] === "Input.Time" ? "time" : "date"}
        value={field.value}
        min={text(element["min"]) || undefined}
        max={text(element["max"]) || undefined}
        {...field.described}
        onChange={({ target }) => field.set(target.value)}
      />
    </Labelled>
  );
}

function Toggle({ element }: InputProps): ReactNode {
  const field = useField(element);
  const on = text(element["valueOn"]) || "true";
  const off = text(element["valueOff"]) || "false";
  return (
    <div className="field" data-input={field.name}>
      <label className="field-toggle">
        <input
          type="checkbox"
          name={field.name}
          checked={field.value === on}
          {...field.described}
          onChange={({ target }) => field.set(target.checked ? on : off)}
        />
        <bdi>
          <Markdown source={text(element["title"])} />
        </bdi>
      </label>
      <Problem field={field} />
    </div>
  );
}

function ChoiceSet({ element }: InputProps): ReactNode {
  const say = useWords();
  const field = useField(element);
  const choices = elements(element["choices"]).map(({ title, value }) => ({
    title: text(title),
    value: text(value),
  }));
  const isMany = element["isMultiSelect"] === true;
  const style = oneOf(element["style"], "compact", "expanded", "filtered");
  if (isMany || style === "expanded")
    return <Buttons element={element} field={field} choices={choices} isMany={isMany} />;
  if (style === "filtered") {
    return (
      <Labelled element={element} field={field}>
        <Suspense fallback={<input id={field.id} disabled />}>
          <Search
            id={field.id}
            choices={choices}
            value={field.value}
            placeholder={text(element["placeholder"]) || say("input.choose")}
            described={field.described}
            onChange={field.set}
          />
        </Suspense>
      </Labelled>
    );
  }
  return (
    <Labelled element={element} field={field}>
      <select
        id={field.id}
        name={field.name}
        value={field.value}
        {...field.described}
        onChange={({ target }) => field.set(target.value)}
      >
        <option value="">{text(element["placeholder"]) || say("input.choose")}</option>
        {choices.map(({ title, value }) => (
          <option key={value} value={value}>
            {isolated(title)}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

/** Several choices are one text with commas between, as Adaptive Cards have it. */
function Buttons({
  element,
  field,
  choices,
  isMany,
}: {
  readonly element: Element;
  readonly field: Field;
  readonly choices: readonly Choice[];
  readonly isMany: boolean;
}): ReactNode {
  const chosen = new Set(isMany ? field.value.split(",").filter((value) => value !== "") : [field.value]);
  const choose = (value: string, on: boolean): void => {
    if (!isMany) return field.set(value);
    const next = choices
      .map((choice) => choice.value)
      .filter((each) => (each === value ? on : chosen.has(each)));
    field.set(next.join(","));
  };
  return (
    <fieldset
      className="field"
      data-input={field.name}
      aria-describedby={field.described["aria-describedby"]}
    >
      <legend>
        <bdi>{balanced(text(element["label"]))}</bdi>
        <Required element={element} />
      </legend>
      {choices.map(({ title, value }) => (
        <label key={value} className="field-toggle">
          <input
            type={isMany ? "checkbox" : "radio"}
            name={field.id}
            checked={chosen.has(value)}
            onChange={({ target }) => choose(value, target.checked)}
          />
          <bdi>
            <Markdown source={title} />
          </bdi>
        </label>
      ))}
      <Problem field={field} />
    </fieldset>
  );
}

function SizeGrid({ element }: InputProps): ReactNode {
  return (
    <Suspense fallback={<div className="skeleton grid-skeleton" />}>
      <LazyGrid element={element} />
    </Suspense>
  );
}

export const INPUTS: Readonly<Record<string, (props: InputProps) => ReactNode>> = {
  "Input.Text": TextInput,
  "Input.Number": NumberInput,
  "Input.Date": DateInput,
  "Input.Time": DateInput,
  "Input.Toggle": Toggle,
  "Input.ChoiceSet": ChoiceSet,
  "Input.SizeGrid": SizeGrid,
};
