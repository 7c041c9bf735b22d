import { useEffect, useRef, type KeyboardEvent } from "react";

interface Tab {
  id: string;
  label: string;
}

interface Props {
  label: string;
  tabs: readonly Tab[];
  selected: string;
  onSelect: (id: string) => void;
  /** A tab is pointed at and may be opened next. */
  onIntent?: (id: string) => void;
}

/** A row of tabs: arrow keys, Home and End move between them, one tab stop for all. */
export function Tabs({ label, tabs, selected, onSelect, onIntent }: Props) {
  const list = useRef<HTMLDivElement>(null);

  // Where they do not fit the row scrolls, and the chosen one is among those in view.
  useEffect(() => {
    const [row, chosen] = [list.current, list.current?.querySelector<HTMLElement>("[aria-selected=true]")];
    if (row && chosen) row.scrollLeft = chosen.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2;
  }, [selected]);

  function move(event: KeyboardEvent<HTMLDivElement>) {
    const next = tabs[goal(event.key, tabs.findIndex((tab) => tab.id === selected), tabs.length)];
    if (!next) return;
    onSelect(next.id);
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next.id}`)?.focus();
    event.preventDefault();
  }

  return (
    <div ref={list} className="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          id={`tab-${tab.id}`}
          role="tab"
          type="button"
          aria-selected={tab.id === selected}
          aria-controls={tab.id === selected ? `panel-${tab.id}` : undefined}
          tabIndex={tab.id === selected ? 0 : -1}
          onClick={() => onSelect(tab.id)}
          onPointerEnter={() => onIntent?.(tab.id)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}

/** Where a key leads; -1 for one that leads nowhere. */
function goal(key: string, at: number, many: number): number {
  const goals: Record<string, number> = { ArrowRight: (at + 1) % many, ArrowLeft: (at - 1 + many) % many, Home: 0, End: many - 1 };
  return goals[key] ?? -1;
}
