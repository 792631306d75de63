import type { Inspection } from "../doctor/inspection.ts";

/** The tasks that run in a child process with the code of the project, and what each reports. */
export interface TaskReports {
  readonly doctor: Inspection;
  readonly token: { readonly token: string };
}

export type TaskName = keyof TaskReports;

/** Reports a part of the result as soon as it is known: it is kept if the task fails later. */
export type Report<T extends TaskName> = (part: Partial<TaskReports[T]>) => void;

/** What the child process sends, as JSON. */
export type TaskMessage<T extends TaskName> =
  | { readonly kind: "part"; readonly part: Partial<TaskReports[T]> }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "done" };
