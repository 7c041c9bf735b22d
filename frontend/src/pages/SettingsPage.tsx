import { useSession } from "../api/session";
import { Keys } from "../settings/Keys";
import { Webhooks } from "../settings/Webhooks";
import { Notice } from "../shell/Notice";
import { useTitle } from "../shell/title";

/** Who may come in, and who is told. */
export default function SettingsPage() {
  const { can, why } = useSession();
  useTitle("Settings");
  return (
    <>
      <div className="page-head">
        <h1>Settings</h1>
      </div>
      {can("admin") ? (
        <>
          <Keys />
          <Webhooks />
        </>
      ) : (
        <Notice title="Keys and webhooks are for admins">
          <p>{why("admin")} Ask an admin for a key with that role, or to make the change for you.</p>
        </Notice>
      )}
    </>
  );
}
