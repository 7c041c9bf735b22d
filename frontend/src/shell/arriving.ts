/** Parts of the page whose code arrives when it is wanted. */

import { type ComponentType, createElement, lazy, useState } from "react";

interface Arriving<P extends object> {
  Part: ComponentType<P>;
  /** Begins to load it, so that it is there when it is wanted. */
  prepare: () => void;
}

/** Code that the server did not give: it may serve that of another version by now. */
export class NotArrived extends Error {}

export function fetched<T>(load: () => Promise<T>): Promise<T> {
  return load().catch((cause: unknown) => {
    throw new NotArrived("A part of the page could not be loaded.", { cause });
  });
}

/** As React's `lazy`, and whoever shows what broke can tell why. */
export function late<P extends object>(load: () => Promise<{ default: ComponentType<P> }>) {
  return lazy(() => fetched(load));
}

/** Drawn at once where it has arrived before: what React has to wait for, it holds back for a third of a second. */
export function arriving<P extends object>(load: () => Promise<ComponentType<P>>): Arriving<P> {
  let here: ComponentType<P> | null = null;
  const arrive = async () => (here = await fetched(load));
  const Late = lazy(async () => ({ default: await arrive() }));

  function Part(props: P) {
    const [Shown] = useState<ComponentType<P>>(() => here ?? (Late as unknown as ComponentType<P>));
    return createElement(Shown, props);
  }

  // A failure is told when the part is drawn, and it is asked for again then.
  return { Part, prepare: () => void arrive().catch(() => undefined) };
}
