// What identity speaks of: a person, and an organization whose issuer is trusted to name its people.
import type { SignIn } from "../config/index.ts";

/** Who asks, as the issuer of their organization says: a person, or a system of the organization that signs in. */
export interface Person {
  /** Organization and subject, for example `mall:lin`; of a service `mall:service:rms-sync`. */
  readonly id: string;
  readonly organization: string;
  readonly name: string;
  /** Roles in the organization, for example `admin`; not those in a group. */
  readonly roles: readonly string[];
  /** What the token may be used for, for example `orders:read`. */
  readonly scopes: readonly string[];
  /** No human: a system that its organization lists. */
  readonly service?: true;
  /** When the token ends, in ms since 1970. */
  readonly expiresAt: number;
}

export interface TrustedOrganization {
  readonly id: string;
  /** The `iss` of its tokens; below it lies `/.well-known/openid-configuration`. */
  readonly issuer: string;
  /** Where its keys are, when that is not for discovery to say (another origin, or no discovery at all). */
  readonly jwksUri?: string;
  /** What its tokens look like; as the standards have it without. */
  readonly signIn?: SignIn;
}

/** What identity needs of a log. */
export interface IdentityLog {
  warn(details: object, message: string): void;
}
