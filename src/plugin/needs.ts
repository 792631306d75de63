/**
 * The parts of the descriptors that an emitter reads. The rest is removed before descriptors are created:
 * in a large request it takes most of the time and memory. Names, methods, options, and the comments at
 * the top of a file are always there.
 */
export interface Needs {
  /** Fields and oneofs of the messages that requests and responses consist of. */
  readonly fields: boolean;
  /** Which comments are there, in the files to generate code for. */
  readonly comments: CommentNeeds;
}

export type CommentNeeds = "none" | "services" | "all";

/** The needs of all of them together. */
export function unionOf(needs: readonly Needs[]): Needs {
  const comments = new Set(needs.map((each) => each.comments));
  return {
    fields: needs.some(({ fields }) => fields),
    comments: comments.has("all") ? "all" : comments.has("services") ? "services" : "none",
  };
}
