// The head of what is looked at: the way back on a phone, what it is called, and what can be done with all of it.
import type { ReactNode } from "react";
import { useWords } from "../words/words.ts";

export function PageHead({
  title,
  about,
  tools,
  onBack,
}: {
  readonly title: string;
  /** Stands under the title. */
  readonly about: ReactNode;
  readonly tools?: ReactNode;
  readonly onBack: () => void;
}): ReactNode {
  const say = useWords();
  return (
    <header className="chat-head">
      <button type="button" className="icon-button chat-back" aria-label={say("app.back")} onClick={onBack}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M15 5l-7 7 7 7" />
        </svg>
      </button>
      <div className="chat-title">
        <h1 tabIndex={-1} data-heading>
          {title}
        </h1>
        {about}
      </div>
      {tools}
    </header>
  );
}
