import { useId, type ReactNode, type Ref } from "react";

interface Props {
  title: string;
  /** Beside the title. */
  actions?: ReactNode;
  /** For content that reaches the card's edges. */
  flush?: boolean;
  ref?: Ref<HTMLElement>;
  children: ReactNode;
}

/** A part of a page, named by its title. */
export function Card({ title, actions, flush = false, ref, children }: Props) {
  const id = useId();
  return (
    <section ref={ref} className={flush ? "card flush" : "card"} aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}
