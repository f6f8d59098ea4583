// Servers that come inside npm packages, for machines that have none.
export { startPostgres, createDatabase } from "./postgres.ts";
export type { EmbeddedLog } from "./log.ts";
export type { EmbeddedPostgres, PostgresOptions } from "./postgres.ts";
