/** Light or dark: the system's choice until the reader makes one, which is remembered. */

import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";

const KEY = "forkpoint-theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function stored(): Theme | null {
  const value = window.localStorage.getItem(KEY);
  return value === "light" || value === "dark" ? value : null;
}

function current(): Theme {
  return stored() ?? (system.matches ? "dark" : "light");
}

export function applyTheme(): void {
  const chosen = stored();
  if (chosen) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
  listeners.forEach((listener) => listener());
}

export function chooseTheme(theme: Theme): void {
  const fromSystem = theme === (system.matches ? "dark" : "light");
  if (fromSystem) window.localStorage.removeItem(KEY);
  else window.localStorage.setItem(KEY, theme);
  applyTheme();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  system.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    system.removeEventListener("change", listener);
  };
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, current);
}
