// The access log of one's own organization, the newest first: who was given what of its data, and what was done in its
// systems. What the log is worth is in its chain: the page shows its head, `junto audit` checks it.
import { useCallback, useState, type ReactNode } from "react";
import {
  AccessLogDocument,
  LogChoicesDocument,
  type AccessLogFilter,
  type AccessLogQuery,
  type LogChoicesQuery,
} from "../generated/graphql.ts";
import { problemOf } from "../junto/index.ts";
import { useAnswer } from "../state/answer.ts";
import { useWorkspace } from "../state/hooks.ts";
import { useWords } from "../words/words.ts";
import { AccessLine } from "./access-line.tsx";
import { filterOf, LogFilter, NO_FILTER, type Fields } from "./log-filter.tsx";
import { Loaded } from "./parts.tsx";

type Page = AccessLogQuery["accessLog"];

export function AccessLog(): ReactNode {
  const { connection } = useWorkspace();
  const [fields, setFields] = useState<Fields>(NO_FILTER);
  const ask = useCallback(() => connection.ask(LogChoicesDocument, {}), [connection]);
  const [answer, again] = useAnswer(ask);
  return (
    <Loaded answer={answer} again={again}>
      {(choices) => (
        <>
          <LogFilter choices={choices} onLook={setFields} />
          <Lines key={JSON.stringify(fields)} filter={filterOf(fields)} choices={choices} />
        </>
      )}
    </Loaded>
  );
}

/** @param filter as it was when this was first drawn */
function Lines({
  filter,
  choices,
}: {
  readonly filter: AccessLogFilter;
  readonly choices: LogChoicesQuery;
}): ReactNode {
  const say = useWords();
  const { connection, me } = useWorkspace();
  const [kept] = useState(filter);
  const page = useCallback(
    async (before: string | null): Promise<Page> => {
      const variables = { organization: me.organization.id, filter: kept, before, locale: say.locale };
      return (await connection.ask(AccessLogDocument, variables)).accessLog;
    },
    [connection, me, kept, say.locale],
  );
  const [answer, again] = useAnswer(useCallback(() => page(null), [page]));
  return (
    <Loaded answer={answer} again={again}>
      {(newest) => (
        <>
          <Head head={newest.head} onAgain={again} />
          <Pages key={newest.lines[0]?.hash} newest={newest} page={page} choices={choices} />
        </>
      )}
    </Loaded>
  );
}

function Pages({
  newest,
  page,
  choices,
}: {
  readonly newest: Page;
  readonly page: (before: string | null) => Promise<Page>;
  readonly choices: LogChoicesQuery;
}): ReactNode {
  const say = useWords();
  const [older, setOlder] = useState<readonly Page[]>([]);
  const [state, setState] = useState<"idle" | "loading" | { readonly why: string }>("idle");
  const last = older.at(-1) ?? newest;
  const lines = [newest, ...older].flatMap((each) => each.lines);
  async function more(): Promise<void> {
    setState("loading");
    try {
      const next = await page(last.cursor);
      setOlder([...older, next]);
      setState("idle");
    } catch (error) {
      setState({ why: problemOf(error).message });
    }
  }
  if (lines.length === 0)
    return (
      <div className="empty">
        <p>{say("log.nothing")}</p>
      </div>
    );
  return (
    <>
      <ol className="log">
        {lines.map((line) => (
          <AccessLine key={line.seq} line={line} choices={choices} />
        ))}
      </ol>
      {typeof state === "object" && (
        <p className="form-note form-wrong" role="alert">
          {state.why}
        </p>
      )}
      {last.more && (
        <button type="button" className="button" disabled={state === "loading"} onClick={() => void more()}>
          {say(state === "loading" ? "app.loading" : "log.earlier")}
        </button>
      )}
    </>
  );
}

/** The newest line's hash: whoever has noted it elsewhere can tell that nothing before it was changed. */
function Head({
  head,
  onAgain,
}: {
  readonly head: Page["head"];
  readonly onAgain: () => Promise<void>;
}): ReactNode {
  const say = useWords();
  const { me } = useWorkspace();
  const [isCopied, setCopied] = useState(false);
  const copy = async (text: string): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="log-head">
      {head && (
        <details>
          <summary>{say("log.head", { seq: head.seq })}</summary>
          <p>
            <code className="hash">{head.hash}</code>{" "}
            <button
              type="button"
              className="button button-small"
              onClick={() => void copy(`${head.seq}:${head.hash}`)}
            >
              {say(isCopied ? "log.copied" : "log.copy")}
            </button>
          </p>
          <p className="quiet">
            {say("log.headHint")}{" "}
            <code>
              junto audit verify --as {me.id} --organization {me.organization.id} --anchor {head.seq}:
              {"<hash>"}
            </code>
          </p>
        </details>
      )}
      <button type="button" className="button button-small" onClick={() => void onAgain()}>
        {say("log.again")}
      </button>
    </div>
  );
}
