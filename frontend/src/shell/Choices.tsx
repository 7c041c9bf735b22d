interface Props<T extends string> {
  label: string;
  values: readonly T[];
  names?: Partial<Record<T, string>>;
  chosen: T;
  onChoose: (value: T) => void;
}

/** One of a few, all of them in sight. */
export function Choices<T extends string>({ label, values, names, chosen, onChoose }: Props<T>) {
  return (
    <div className="filters" role="group" aria-label={label}>
      {values.map((value) => (
        <button key={value} type="button" aria-pressed={value === chosen} onClick={() => onChoose(value)}>
          {names?.[value] ?? value}
        </button>
      ))}
    </div>
  );
}
