const KEYS: [keys: string[], what: string][] = [
  [["j", "k"], "next, previous completion"],
  [["←", "→"], "token by token"],
  [["Enter"], "fold, unfold"],
  [["[", "]"], "step back, on"],
  [["p", "n"], "previous, next problem"],
  [["/"], "search"],
];

/** What the keyboard does; token by token and folding, while the focus is at a completion. */
export function Keys() {
  return (
    <ul className="rollout-keys small muted" aria-label="Keys">
      {KEYS.map(([keys, what]) => (
        <li key={what}>
          {keys.map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}{" "}
          {what}
        </li>
      ))}
    </ul>
  );
}
