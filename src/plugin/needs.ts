/**
 * What an emitter reads of the descriptors. The rest is left out before descriptors are made, since
 * it takes most of the time and memory of a large request: an emitter gets no fields unless it says
 * that it needs them. Names of everything, methods, options, and the comments at the head of a file
 * are always there.
 */
export interface Needs {
  /** Fields and oneofs of messages. */
  readonly fields: boolean;
  /** Comments of services and methods, or those of everything, in the files to generate code for. */
  readonly comments: CommentNeeds;
}

export type CommentNeeds = "none" | "services" | "all";

/** What is enough for all of them. */
export function unionOf(needs: readonly Needs[]): Needs {
  const comments = new Set(needs.map((each) => each.comments));
  return {
    fields: needs.some(({ fields }) => fields),
    comments: comments.has("all") ? "all" : comments.has("services") ? "services" : "none",
  };
}
