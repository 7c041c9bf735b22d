import { useDeliveries, useRedelivery } from "../api/admin";
import type { Delivery } from "../api/types";
import { ProblemNotice, Skeleton } from "../shell/Notice";
import { useNow } from "../shell/now";
import { count, plural } from "../text/numbers";
import { ago, exact } from "../text/times";

/** What an address was sent, newest first, and how it went. */
export function Deliveries({ id }: { id: number }) {
  const page = useDeliveries(id);
  const redelivery = useRedelivery(id);
  const now = useNow(5000);
  if (page.error && !page.data) return <ProblemNotice title="The deliveries could not be loaded" error={page.error} />;
  if (!page.data) return <Skeleton lines={2} />;
  const { deliveries, total } = page.data;
  if (total === 0) return <p className="small muted">Nothing was sent in the last 30 days.</p>;
  return (
    <>
      {redelivery.error && <ProblemNotice title="It was not sent again" error={redelivery.error} />}
      <div className="scroll-box">
        <table className="list compact">
          <caption className="visually-hidden">Deliveries, newest first</caption>
          <thead>
            <tr>
              <th scope="col">Event</th>
              <th scope="col">When</th>
              <th scope="col">How it went</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {deliveries.map((delivery) => (
              <tr key={delivery.id}>
                <td>{delivery.event}</td>
                <td>
                  <time dateTime={delivery.created_at} title={exact(delivery.created_at)}>
                    {ago(delivery.created_at, now)}
                  </time>
                </td>
                <td className={isGivenUp(delivery) ? "run-error" : undefined}>{deliveryWords(delivery)}</td>
                <td className="row-actions">
                  {delivery.due_at === null && (
                    <button type="button" className="button quiet" disabled={redelivery.isPending} onClick={() => redelivery.mutate(delivery.id)}>
                      Send again
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {total > deliveries.length && <p className="small muted">The newest {count(deliveries.length)} of {count(total)}.</p>}
    </>
  );
}

function isGivenUp({ due_at, delivered_at }: Delivery): boolean {
  return due_at === null && delivered_at === null;
}

/** "delivered, answered 204", "not delivered yet: answered 500; tried once, next at 14:03" */
export function deliveryWords(delivery: Delivery): string {
  const { due_at, delivered_at, status_code, error, tries } = delivery;
  const answer = error ?? (status_code === null ? null : `answered ${status_code}`);
  if (delivered_at !== null && due_at === null) return ["delivered", answer].filter(Boolean).join(", ");
  if (isGivenUp(delivery)) return `given up after ${plural(tries, "try", "tries")}${answer ? `: ${answer}` : ""}`;
  if (tries === 0) return "under way";
  return `${answer ?? "no answer"}; tried ${plural(tries, "time")}, next ${due_at ? exact(due_at) : "soon"}`;
}
