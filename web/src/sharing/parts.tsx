// What the parts of the page about sharing are made of.
import { AlertDialog } from "@base-ui/react/alert-dialog";
import type { ReactNode } from "react";
import type { Answer } from "../state/answer.ts";
import { useWords } from "../words/words.ts";

/** What is asked for; until it is there, that it is on its way, or cannot be had. */
export function Loaded<Result>({
  answer,
  again,
  children,
}: {
  readonly answer: Answer<Result>;
  readonly again: () => Promise<void>;
  readonly children: (result: Result) => ReactNode;
}): ReactNode {
  const say = useWords();
  if (answer.kind === "there") return children(answer.result);
  if (answer.kind === "loading")
    return (
      <div aria-busy="true" aria-label={say("app.loading")} role="status">
        <div className="skeleton skeleton-short" />
        <div className="skeleton" />
        <div className="skeleton" />
      </div>
    );
  return (
    <div className="empty">
      <p role="alert">{answer.problem.kind === "AWAY" ? say("app.away") : answer.problem.message}</p>
      <button type="button" className="button" onClick={() => void again()}>
        {say("app.again")}
      </button>
    </div>
  );
}

/** Asks once more before something that concerns many at once. */
export function Confirmed({
  label,
  title,
  text,
  onConfirm,
}: {
  readonly label: string;
  readonly title: string;
  readonly text: string;
  readonly onConfirm: () => void;
}): ReactNode {
  const say = useWords();
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger className="button button-small button-bad">{label}</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="sheet-backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="sheet-title">{title}</AlertDialog.Title>
          <AlertDialog.Description className="dialog-text">{text}</AlertDialog.Description>
          <div className="dialog-buttons">
            <AlertDialog.Close className="button">{say("app.cancel")}</AlertDialog.Close>
            <AlertDialog.Close className="button button-bad" onClick={onConfirm}>
              {label}
            </AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

/** The end of a day, where the person is; null: no day. */
export function endOf(day: string): string | null {
  return day === "" ? null : new Date(`${day}T23:59:59.999`).toISOString();
}

/** Today, as an input for dates writes it. */
export function today(): string {
  const now = new Date();
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
