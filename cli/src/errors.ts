// What goes wrong at the command line: one clear line, and an exit code.

export const EXIT = {
  /** It was understood, but did not work. */
  failed: 1,
  /** What was typed, or the configuration, is wrong. */
  usage: 2,
} as const;

export class CliError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "CliError";
    this.exitCode = exitCode;
  }
}

/** What was typed is wrong. */
export function usageError(message: string): CliError {
  return new CliError(message, EXIT.usage);
}

/** It was understood, but did not work. */
export function failure(message: string, cause?: unknown): CliError {
  return new CliError(message, EXIT.failed, { cause });
}

/** Lines to print and the exit code for whatever was thrown. A stack is printed only for what nobody foresaw. */
export function describeFailure(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof CliError) return { text: `error: ${error.message}`, exitCode: error.exitCode };
  if (!(error instanceof Error)) return { text: `error: ${String(error)}`, exitCode: EXIT.failed };
  const { code, port } = error as { code?: unknown; port?: unknown };
  if (code === "CONFIGURATION") return { text: `error: ${error.message}`, exitCode: EXIT.usage };
  if (code === "EADDRINUSE") {
    const text = `error: port ${String(port)} is taken by another program; stop that, or choose another port with --port.`;
    return { text, exitCode: EXIT.failed };
  }
  if (error.name === "JuntoError") return { text: `error: ${error.message}`, exitCode: EXIT.failed };
  return { text: `error: ${error.stack ?? error.message}${causes(error)}`, exitCode: EXIT.failed };
}

function causes(error: Error): string {
  return error.cause instanceof Error ? `\ncaused by: ${error.cause.stack ?? error.cause.message}` : "";
}
