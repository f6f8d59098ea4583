// A form: of an action that begins something, or of one on a card. What is typed is a draft from the first letter on.
import { useCallback, useEffect, useMemo, useRef, useState, type FormEvent, type ReactNode } from "react";
import {
  FormContext,
  gridsOf,
  inputsOf,
  isClock,
  problemsOf,
  totalOf,
  valuesOf,
} from "../cards/form-state.ts";
import { Body } from "../cards/elements.tsx";
import { isElement, text } from "../cards/json.ts";
import { Marking } from "../cards/mark.tsx";
import { formPlace, NO_DRAFT, type Action, type Draft, type UserError } from "../junto/index.ts";
import { usePart, useWatched, useWorkspace } from "../state/hooks.ts";
import { useWords, type Word, type Words } from "../words/words.ts";
import { Sheet } from "./sheet.tsx";

export interface FormSheetProps {
  readonly group: string;
  readonly verb: string;
  readonly card: { readonly id: string; readonly revision: number } | null;
  /** As it is offered now; undefined: it no longer is. */
  readonly action: Action | undefined;
  readonly onClose: () => void;
}

export function FormSheet({ group, verb, card, action, onClose }: FormSheetProps): ReactNode {
  const say = useWords();
  const workspace = useWorkspace();
  const place = formPlace(group, verb, card?.id ?? null);
  const draft = usePart(workspace.drafts.all, (all) => all.get(place) ?? NO_DRAFT);
  const notice = useWatched(workspace.notices).get(place);
  const [tried, setTried] = useState(false);
  const [first] = useState(card?.revision);
  const body = useRef<HTMLFormElement>(null);

  const form = action?.form;
  const errors = useMemo(
    () => wordsOf(tried ? problemsOf(form, draft) : new Map(), notice?.errors ?? [], form, say),
    [tried, form, draft, notice, say],
  );
  const set = useCallback(
    (id: string, value: string) => workspace.drafts.set(place, id, value),
    [place, workspace],
  );
  const state = useMemo(() => ({ values: draft, errors, set }), [draft, errors, set]);
  // After a try, the first field that is wrong is where one goes on.
  useEffect(() => {
    if (tried) body.current?.querySelector<HTMLElement>(WRONG)?.focus();
  }, [tried]);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!action) return;
    if (problemsOf(form, draft).size > 0) {
      setTried(false);
      queueMicrotask(() => setTried(true));
      return;
    }
    const seen = card?.revision ?? null;
    workspace.act({ group, verb, card: card?.id ?? null, seen, input: valuesOf(form, draft) });
    onClose();
  }

  const general = (notice?.errors ?? []).filter(({ field }) => !namesInput(form, field));
  const hasChanged = card !== null && first !== card.revision;
  return (
    <Sheet title={action?.title ?? workspace.titleOf(verb)} onClose={onClose}>
      {/* What is wrong is said at the field, in the person's language. */}
      <form ref={body} className="form" noValidate onSubmit={submit}>
        <div className="form-scroll">
          {!action && <p className="form-note form-wrong">{say("form.gone")}</p>}
          {hasChanged && action && <p className="form-note">{say("form.changed")}</p>}
          {general.map(({ code, message }) => (
            <p key={code} className="form-note form-wrong" role="alert">
              {message}
            </p>
          ))}
          <Marking value={false}>
            <FormContext value={state}>{isElement(form) && <Body items={form["body"]} />}</FormContext>
          </Marking>
        </div>
        <footer className="form-foot">
          <div className="form-state">
            <Totals form={form} draft={draft} />
            <span className="quiet" role="status">
              {errors.size > 0
                ? say("form.fix", { n: errors.size })
                : draft === NO_DRAFT
                  ? ""
                  : say("form.kept")}
            </span>
          </div>
          {draft !== NO_DRAFT && (
            <button type="button" className="button" onClick={() => workspace.drafts.clear(place)}>
              {say("form.reset")}
            </button>
          )}
          <button type="submit" className="button button-first" disabled={!action}>
            {say("form.send")}
          </button>
        </footer>
      </form>
    </Sheet>
  );
}

/** An input with something wrong in it, or the first of a grid in which nothing is filled in. */
const WRONG = "[aria-invalid=true], .grid.field-wrong .grid-cell input";

/** What the size grids of a form come to so far. */
function Totals({ form, draft }: { readonly form: unknown; readonly draft: Draft }): ReactNode {
  const say = useWords();
  return gridsOf(form).map((grid) => {
    const { sizes, total } = totalOf(grid, draft);
    const unit = text(grid[total === 1 ? "unitOne" : "unit"]) || text(grid["unit"]);
    return sizes === 0 ? null : (
      <span key={text(grid["id"])} className="form-total">
        {say("grid.total", { sizes, total, unit })}
      </span>
    );
  });
}

/** What is wrong with each input, in words: what the client found, and what the owner's system said. */
function wordsOf(
  found: ReturnType<typeof problemsOf>,
  said: readonly UserError[],
  form: unknown,
  say: Words,
): ReadonlyMap<string, string> {
  const errors = new Map<string, string>();
  for (const { field, code, message } of said) {
    if (namesInput(form, field))
      errors.set(field.join("."), KNOWN.has(code) ? say(`input.${code}` as Word) : message);
  }
  for (const [id, problem] of found)
    errors.set(id, typeof problem === "string" ? rangeOr(problem, id, form, say) : problem.own);
  return errors;
}

function rangeOr(problem: Word, id: string, form: unknown, say: Words): string {
  const input = inputsOf(form).find((each) => each["id"] === id);
  const { min, max } = input ?? {};
  if (!input || problem !== "input.OUT_OF_RANGE") return say(problem);
  if (typeof min === "number" && typeof max === "number") return say("input.range", { min, max });
  return isClock(input)
    ? say(...clockRange(say.whenInFull(text(min)), say.whenInFull(text(max))))
    : say(problem);
}

function clockRange(min: string, max: string): [Word, { readonly min: string; readonly max: string }] {
  if (max === "") return ["input.notBefore", { min, max }];
  return [min === "" ? "input.notAfter" : "input.between", { min, max }];
}

function namesInput(form: unknown, field: readonly string[]): boolean {
  const id = field.join(".");
  return field.length > 0 && [...inputsOf(form), ...gridsOf(form)].some((input) => text(input["id"]) === id);
}

/** Codes of the gateway's own; what an owner's system says has its own words. */
const KNOWN: ReadonlySet<string> = new Set([
  "REQUIRED",
  "NOT_AN_INTEGER",
  "NOT_A_NUMBER",
  "OUT_OF_RANGE",
  "NOT_A_BOOLEAN",
  "NOT_A_TEXT",
  "NOT_A_DATE",
  "NOT_A_CHOICE",
  "TOO_LONG",
  "TOO_MANY",
]);
