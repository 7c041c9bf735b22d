/** A thing that can be done, in the words of whoever might do it. */
export interface Verb<Id extends string = string> {
  id: Id;
  label: string;
  /** One line: what it does. */
  meaning: string;
  /** Why it cannot be done now, in the place of the meaning. */
  whyNot?: string | undefined;
  danger?: boolean;
}

/** The verbs, all of them refused for one reason, if there is one. */
export function refused<Id extends string>(verbs: Verb<Id>[], reason: string | undefined): Verb<Id>[] {
  return reason ? verbs.map((verb) => ({ ...verb, whyNot: reason })) : verbs;
}
