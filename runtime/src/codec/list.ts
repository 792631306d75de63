/** The values of a field. */
export type List<Value> = readonly Value[] | null | undefined;
