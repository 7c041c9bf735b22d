/** Which fields hold what cannot be written: what they held before is not sent in its place. */

import { createContext, useCallback, useContext, useId, useLayoutEffect, useState } from "react";

type Report = (field: string, wrong: boolean) => void;

const Reports = createContext<Report>(() => undefined);

/** Around the fields whose mistakes are counted. */
export const Counted = Reports.Provider;

export interface Mistakes {
  many: number;
  /** Also of those found since the page was drawn. */
  any: () => boolean;
  report: Report;
}

export function useMistakes(): Mistakes {
  const [wrong] = useState(() => new Set<string>());
  const [many, setMany] = useState(0);
  const report = useCallback<Report>(
    (field, isWrong) => {
      if (isWrong) wrong.add(field);
      else wrong.delete(field);
      setMany(wrong.size);
    },
    [wrong],
  );
  return { many, any: () => wrong.size > 0, report };
}

/** Tells whoever sends the form, for as long as the field is there. */
export function useMistake(wrong: boolean): void {
  const field = useId();
  const report = useContext(Reports);
  useLayoutEffect(() => {
    if (!wrong) return;
    report(field, true);
    return () => report(field, false);
  }, [field, report, wrong]);
}

/** Why nothing can be sent. */
export function mendWords(many: number): string {
  return `Mend ${many === 1 ? "the field that is" : `the ${many} fields that are`} marked to go on.`;
}
