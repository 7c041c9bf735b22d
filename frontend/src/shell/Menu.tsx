import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

import type { Verb } from "./verbs";

interface Props<Id extends string> {
  label: string;
  /** What the button shows, where that is not its label. */
  face?: ReactNode;
  verbs: Verb<Id>[];
  quiet?: boolean;
  /** Whether the Tab key passes its button by: something else opens it by keyboard. */
  passed?: boolean;
  /** Whether it is open from the beginning. */
  open?: boolean;
  onAct: (id: Id) => void;
}

const EDGE = 8;

/** A small menu of verbs with their meanings: arrows move, Escape and Tab close, focus returns. */
export function Menu<Id extends string>({ label, face, verbs, quiet = false, passed = false, open: atFirst = false, onAct }: Props<Id>) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(atFirst);

  function close() {
    setOpen(false);
    button.current?.focus();
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        className={quiet ? "button quiet" : "button"}
        tabIndex={passed ? -1 : undefined}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={face ? label : undefined}
        title={face ? label : undefined}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {face ?? label}
      </button>
      {open && (
        <Items
          id={id}
          label={label}
          button={button}
          verbs={verbs}
          onClose={() => setOpen(false)}
          onLeave={close}
          onAct={(chosen) => {
            close();
            onAct(chosen);
          }}
        />
      )}
    </>
  );
}

interface ItemsProps<Id extends string> {
  id: string;
  label: string;
  button: React.RefObject<HTMLButtonElement | null>;
  verbs: Verb<Id>[];
  /** Something else was pressed or scrolled. */
  onClose: () => void;
  /** Its reader is done with it. */
  onLeave: () => void;
  onAct: (id: Id) => void;
}

function Items<Id extends string>({ id, label, button, verbs, onClose, onLeave, onAct }: ItemsProps<Id>) {
  const list = useRef<HTMLDivElement>(null);
  const items = () => [...(list.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];

  useLayoutEffect(() => {
    if (list.current && button.current) place(list.current, button.current.getBoundingClientRect());
    items()[0]?.focus({ preventScroll: true });
  }, [button]);

  useEffect(() => {
    function press(event: PointerEvent) {
      const target = event.target as Node;
      if (!list.current?.contains(target) && !button.current?.contains(target)) onClose();
    }
    document.addEventListener("pointerdown", press);
    window.addEventListener("resize", onClose);
    window.addEventListener("scroll", onClose, { passive: true });
    return () => {
      document.removeEventListener("pointerdown", press);
      window.removeEventListener("resize", onClose);
      window.removeEventListener("scroll", onClose);
    };
  }, [button, onClose]);

  function move(event: KeyboardEvent) {
    if (event.key === "Tab") return onClose();
    if (event.key === "Escape") return stop(event, onLeave);
    const all = items();
    const next = goal(event.key, all.indexOf(document.activeElement as HTMLElement), all.length);
    if (next !== null) stop(event, () => all[next]?.focus());
  }

  return (
    <div ref={list} id={id} role="menu" aria-label={label} className="menu" onKeyDown={move}>
      {verbs.map((verb) => (
        <button
          key={verb.id}
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={verb.danger ? "menu-item danger" : "menu-item"}
          aria-disabled={verb.whyNot !== undefined}
          onClick={() => verb.whyNot === undefined && onAct(verb.id)}
        >
          {verb.label}
          <span className="small muted">{verb.whyNot ?? verb.meaning}</span>
        </button>
      ))}
    </div>
  );
}

function stop(event: KeyboardEvent, then: () => void) {
  event.preventDefault();
  event.stopPropagation();
  then();
}

/** Where a key leads among `many` items; null for a key that leads nowhere. */
function goal(key: string, at: number, many: number): number | null {
  const goals: Record<string, number> = { ArrowDown: (at + 1) % many, ArrowUp: (at - 1 + many) % many, Home: 0, End: many - 1 };
  return goals[key] ?? null;
}

/** Below its button, or above it where there is no room, and inside the window. */
function place(menu: HTMLElement, button: DOMRect) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = button.bottom + EDGE / 2;
  const fits = below + height <= window.innerHeight - EDGE;
  const left = Math.min(button.left, document.documentElement.clientWidth - width - EDGE);
  menu.style.left = `${Math.max(EDGE, left)}px`;
  menu.style.top = `${Math.max(EDGE, fits ? below : button.top - height - EDGE / 2)}px`;
}
