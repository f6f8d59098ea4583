// What is asked, for whom and why; and until when it is shared.
import { useId, type ReactNode } from "react";
import type { Asked } from "../junto/index.ts";
import { useWords } from "../words/words.ts";
import { today } from "./parts.tsx";

export function AskedWords({
  asked,
  role,
}: {
  readonly asked: Asked;
  readonly role: (role: string) => string;
}): ReactNode {
  const say = useWords();
  return (
    <span className="grant-words">
      <b>{say.nameOf(asked)}</b> <span>{say("sharing.with", { role: role(asked.role) })}</span>
      <span className="quiet">{asked.reason}</span>
    </span>
  );
}

/** The last day on which something is shared; none: for good. */
export function Until({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const say = useWords();
  const id = useId();
  return (
    <span className="until">
      <label htmlFor={id}>{say("asked.until")}</label>
      <input
        id={id}
        type="date"
        className="input"
        min={today()}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
      {value === "" && <span className="quiet">{say("asked.forGood")}</span>}
    </span>
  );
}
