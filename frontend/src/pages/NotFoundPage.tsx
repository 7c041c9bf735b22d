import { Link } from "wouter";

import { Empty } from "../shell/Notice";
import { useTitle } from "../shell/title";

export function NotFoundPage() {
  useTitle("Not found");
  return (
    <Empty title="There is no such page" whole>
      <p>
        The address may be mistyped, or the thing may be gone. <Link href="/">All sweeps</Link> are on the first page.
      </p>
    </Empty>
  );
}
