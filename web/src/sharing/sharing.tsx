// What one's organization shares, for those who decide about it: what is shared with whom, what is asked for, and who was
// given what. Everybody else is told whom to ask.
import type { ReactNode } from "react";
import { PageHead } from "../app/page-head.tsx";
import { go, hashOf, SHARING_PARTS, type SharingPart } from "../app/route.ts";
import { useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { AccessLog } from "./access-log.tsx";
import { AskedOfUs } from "./asked.tsx";
import { Grants } from "./grants.tsx";
import "../styles/sharing.css";

const PARTS: Readonly<Record<SharingPart, () => ReactNode>> = {
  grants: Grants,
  asked: AskedOfUs,
  log: AccessLog,
};

export function Sharing({ part }: { readonly part: SharingPart }): ReactNode {
  const say = useWords();
  const { me, isAdmin } = useWorkspace();
  const Part = PARTS[part];
  const organization = say.nameOf(me.organization);
  return (
    <section className="chat sharing" aria-label={say("sharing.title")}>
      <PageHead
        title={say("sharing.title")}
        onBack={() => go({ page: "none" })}
        about={<p className="quiet">{organization}</p>}
      />
      {isAdmin ? (
        <>
          <nav className="sharing-parts" aria-label={say("sharing.parts")}>
            {SHARING_PARTS.map((each) => (
              <a
                key={each}
                href={hashOf({ page: "sharing", part: each })}
                aria-current={each === part ? "page" : undefined}
              >
                {say(`sharing.${each}`)}
              </a>
            ))}
          </nav>
          <div
            className="sharing-body"
            role="region"
            aria-label={say(`sharing.${part}`)}
            tabIndex={0} // oxlint-disable-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
            data-timeline
            data-newest="first"
          >
            <Part key={part} />
          </div>
        </>
      ) : (
        <div className="empty">
          <p>{say("sharing.notAdmin", { organization })}</p>
          <p className="quiet">{say("sharing.notAdminHint")}</p>
        </div>
      )}
    </section>
  );
}
