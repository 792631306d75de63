/** What a check found. Only a failure makes the doctor exit with 1. */
export interface Finding {
  readonly status: "ok" | "skipped" | "warning" | "failure";
  readonly message: string;
  /** How to fix it, if that is known. */
  readonly remedy?: string;
}

export const ok = (message: string): Finding => ({ status: "ok", message });

/** There is nothing to check, or it cannot be checked yet. */
export const skipped = (message: string): Finding => ({ status: "skipped", message });

export const warning = (message: string, remedy?: string): Finding => ({
  status: "warning",
  message,
  ...(remedy !== undefined && { remedy }),
});

export const failure = (message: string, remedy?: string): Finding => ({
  status: "failure",
  message,
  ...(remedy !== undefined && { remedy }),
});
