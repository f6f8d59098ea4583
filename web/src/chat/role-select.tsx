// Which role somebody is to have.
import type { ReactNode } from "react";
import { useWords } from "../words/words.ts";

export function RoleSelect({
  roles,
  role,
  titleOf,
  onChange,
}: {
  readonly roles: readonly { readonly name: string }[];
  readonly role: string;
  readonly titleOf: (role: string) => string;
  readonly onChange: (role: string) => void;
}): ReactNode {
  const say = useWords();
  return (
    <select
      className="input"
      aria-label={say("people.role")}
      value={role}
      onChange={({ target }) => onChange(target.value)}
    >
      {roles.map(({ name }) => (
        <option key={name} value={name}>
          {titleOf(name)}
        </option>
      ))}
    </select>
  );
}
