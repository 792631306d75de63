/** What the command line says to the parts. */
export interface PartOptions {
  /** Takes the time that rare events need. */
  readonly long: boolean;
}
