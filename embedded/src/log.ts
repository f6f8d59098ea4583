// What an embedded server tells while it starts and stops.

export interface EmbeddedLog {
  info(message: string): void;
  warn(message: string): void;
}
