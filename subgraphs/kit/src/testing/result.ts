// What a subgraph answers, as tests read it.

export interface QueryResult {
  readonly status: number;
  readonly data?: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string };
  }[];
}
