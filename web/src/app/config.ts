// What the client has to know before anybody is signed in; the gateway says it.
import type { Organization } from "../junto/index.ts";

export interface ClientConfig {
  /** The client's id at every issuer. */
  readonly clientId: string;
  readonly organizations: readonly (Organization & { readonly issuer: string })[];
  readonly imageOrigins: readonly string[];
}

export async function loadConfig(): Promise<ClientConfig> {
  const response = await fetch("/client.json");
  if (!response.ok) throw new Error(`/client.json answered ${response.status}`);
  const { clientId, organizations, imageOrigins } = (await response.json()) as {
    readonly clientId: string;
    readonly organizations: readonly {
      readonly id: string;
      readonly issuer: string;
      readonly name: { readonly en: string; readonly "zh-CN"?: string };
    }[];
    readonly imageOrigins: readonly string[];
  };
  return {
    clientId,
    imageOrigins,
    organizations: organizations.map(({ id, issuer, name }) => ({
      id,
      issuer,
      en: name.en,
      zh: name["zh-CN"] ?? name.en,
    })),
  };
}
