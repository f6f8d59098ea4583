// One SOAP connection to IMS: made from the WSDL when it is first needed, a login in every call, Faults with their code.
import { LegacyError } from "@junto/subgraph";
import { createClientAsync, WSSecurity, type Client } from "soap";
import { createTransport, type TransportOptions } from "./transport.ts";

export interface ConnectionOptions extends Partial<TransportOptions> {
  /** Address of the WSDL, at the service: `http://host:8080/ims/catalogue?wsdl`. */
  readonly wsdlUrl: string;
  readonly login: { readonly user: string; readonly password: string };
}

/** Calls an operation. The result is null if the answer is empty. */
export type Call = (operation: string, args: object, signal?: AbortSignal) => Promise<Element | null>;

/** An element of an answer: text, number, elements, or a list where there is more than one. */
export type Element = Readonly<Record<string, unknown>>;

/** IMS answered with a Fault. What it says is for the log. */
export class ImsFault extends LegacyError {
  /** For example `IMS-0404`; empty if it is not one of IMS's own. */
  readonly fault: string;
  constructor(fault: string, text: string) {
    super("LEGACY_NONSENSE", "The brand's service refused the call", { cause: new Error(text) });
    this.fault = fault;
  }
}

type Method = (args: object, options: { signal?: AbortSignal }) => Promise<[unknown, ...unknown[]]>;

export function connect({ wsdlUrl, login, timeout = 2000, atOnce = 8 }: ConnectionOptions): Call {
  const httpClient = createTransport({ timeout, atOnce });
  // The address in the WSDL is that of a machine in a server room long ago.
  const endpoint = wsdlUrl.replace(/\?.*$/, "");
  let connecting: Promise<Client> | undefined;

  const open = async (): Promise<Client> => {
    const client = await createClientAsync(wsdlUrl, { endpoint, httpClient, disableCache: true });
    client.setSecurity(
      new WSSecurity(login.user, login.password, { hasTimeStamp: false, hasTokenCreated: false }),
    );
    return client;
  };
  // Fails for all who wait for it; the next call tries again.
  const client = (): Promise<Client> =>
    (connecting ??= open().catch((error: unknown) => {
      connecting = undefined;
      throw explain(error);
    }));

  return async (operation, args, signal) => {
    const method = ((await client()) as unknown as Record<string, Method>)[`${operation}Async`];
    if (!method) throw new LegacyError("LEGACY_NONSENSE", "The brand's service lacks an operation");
    try {
      const [result] = await method(args, signal ? { signal } : {});
      return (result ?? null) as Element | null;
    } catch (error) {
      throw explain(error);
    }
  };
}

interface FaultElement {
  readonly faultstring?: string;
  readonly detail?: { readonly ImsErr?: { readonly ErrCd?: string } };
}

/** An error of `soap` holds the whole exchange, login included: nothing of it goes further than its message. */
function explain(error: unknown): LegacyError {
  if (error instanceof LegacyError) return error;
  const root = (error as { root?: { Envelope?: { Body?: { Fault?: FaultElement } } } } | null)?.root;
  const fault = root?.Envelope?.Body?.Fault;
  if (fault) return new ImsFault(fault.detail?.ImsErr?.ErrCd ?? "", String(fault.faultstring));
  return new LegacyError("LEGACY_NONSENSE", "The brand's service answers what nobody can read", {
    cause: new Error(error instanceof Error ? error.message.slice(0, 200) : "not an error"),
  });
}
