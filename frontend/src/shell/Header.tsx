import { Link, useLocation } from "wouter";

import { Account } from "../access/Account";
import { useSession } from "../api/session";
import { chooseTheme, useTheme } from "./theme";

function ThemeToggle() {
  const theme = useTheme();
  const other = theme === "dark" ? "light" : "dark";
  return (
    <button type="button" className="icon-button" onClick={() => chooseTheme(other)} aria-label={`Use ${other} colours`} title={`Use ${other} colours`}>
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <circle cx="10" cy="10" r="6.5" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M10 3.5a6.5 6.5 0 0 1 0 13z" fill="currentColor" />
      </svg>
    </button>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" className="mark">
      <path d="M7 21v-7.5C7 9 16 10.5 16 5M7 13.5V5" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      <circle cx="7" cy="4.5" r="2.3" fill="currentColor" />
      <circle cx="16" cy="4.5" r="2.3" className="mark-fork" />
    </svg>
  );
}

const LINKS = [
  { to: "/", label: "Sweeps" },
  { to: "/workers", label: "Workers" },
  { to: "/settings", label: "Settings" },
];

export function Header() {
  const [path] = useLocation();
  const { session, can } = useSession();
  const outside = session === null || path === "/sign-in";
  const links = outside ? [] : LINKS;
  const at = (to: string) => (to === "/" ? path === "/" || path.startsWith("/sweeps") : path.startsWith(to));
  return (
    <header className="site">
      <div className="site-inner">
        <Link href="/" className="brand" aria-label="Forkpoint">
          <Mark />
          <span>Forkpoint</span>
        </Link>
        <nav aria-label="Main">
          {links.map(({ to, label }) => (
            <Link key={to} href={to} aria-current={at(to) ? "page" : undefined}>
              {label}
            </Link>
          ))}
        </nav>
        <div className="site-end">
          <Account />
          <ThemeToggle />
          {can("editor") && !outside && (
            <Link href="/new" className="button primary" aria-label="New sweep">
              New<span className="wide-only">&nbsp;sweep</span>
            </Link>
          )}
        </div>
      </div>
    </header>
  );
}
