// Whom an issuer of the demo knows.

export interface IssuerOrganization {
  readonly id: string;
  readonly people: readonly IssuerPerson[];
  /** Ids of systems that sign in as themselves. */
  readonly clients?: readonly string[];
}

export interface IssuerPerson {
  /** `<organization>:<name>`. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly title?: string;
}
