/** Environment variables by name; an unset one is undefined. */
export type Variables = Readonly<Record<string, string | undefined>>;
