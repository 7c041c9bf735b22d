"""Which roles may call which route. A route without a row here is refused to everybody.

Rows are named by the route's function, which is its operationId. `python -m api.matrix` prints the
table of docs/access.md.
"""

from collections.abc import Mapping

from domain.access import ADMINS, EDITORS, VIEWERS, Role
from domain.errors import Forbidden

Roles = frozenset[Role]
EVERYBODY: Roles = frozenset(Role)
MACHINES: Roles = VIEWERS | {Role.WORKER}
OPERATORS: Roles = EDITORS | {Role.WORKER}

# No key is needed for these: what a page or a supervisor must ask before anybody has signed in.
PUBLIC = frozenset({"health", "ready", "sign_in"})

ROUTES: Mapping[str, Roles] = {
    "read_session": EVERYBODY,
    "sign_out": EVERYBODY,
    "create_sign_in_link": EVERYBODY,
    "list_keys": ADMINS,
    "create_key": ADMINS,
    "revoke_key": ADMINS,
    "catalogue": VIEWERS,
    "read_metrics": MACHINES,
    "list_webhooks": ADMINS,
    "add_webhook": ADMINS,
    "remove_webhook": ADMINS,
    "check_webhook": ADMINS,
    "list_deliveries": ADMINS,
    "redeliver": ADMINS,
    "list_workers": MACHINES,
    "drain_worker": OPERATORS,
    "resume_worker": OPERATORS,
    "forget_worker": EDITORS,
    "follow_events": VIEWERS,
    "list_sweeps": VIEWERS,
    "read_sweep": VIEWERS,
    "list_sweep_runs": VIEWERS,
    "preview_sweep": VIEWERS,
    "submit_sweep": EDITORS,
    "cancel_sweep": EDITORS,
    "retry_sweep": EDITORS,
    "pause_sweep": EDITORS,
    "resume_sweep": EDITORS,
    "drain_sweep": EDITORS,
    "archive_sweep": EDITORS,
    "unarchive_sweep": EDITORS,
    "prioritise_sweep": EDITORS,
    "limit_sweep": EDITORS,
    "clone_sweep": EDITORS,
    "extend_sweep": EDITORS,
    "preview_extension": VIEWERS,
    "list_sweep_actions": VIEWERS,
    "preview_confirmation": VIEWERS,
    "confirm_arm": EDITORS,
    "compare_sweep": VIEWERS,
    "conclude_sweep": VIEWERS,
    "read_leader": VIEWERS,
    "read_conditions": VIEWERS,
    "read_chronicle": VIEWERS,
    "read_sweep_metrics": VIEWERS,
    "read_sweep_regulation": VIEWERS,
    "read_regulation_by_kind": VIEWERS,
    "report_sweep": VIEWERS,
    "report_sweep_in_markdown": VIEWERS,
    "export_sweep": VIEWERS,
    "export_sweep_runs": VIEWERS,
    "list_runs": VIEWERS,
    "read_run": VIEWERS,
    "cancel_runs": EDITORS,
    "retry_runs": EDITORS,
    "cancel_run": EDITORS,
    "retry_run": EDITORS,
    "restart_run": EDITORS,
    "prioritise_run": EDITORS,
    "list_run_actions": VIEWERS,
    "list_queue": VIEWERS,
    "read_run_log": VIEWERS,
    "read_attempt_record": VIEWERS,
    "read_run_metrics": VIEWERS,
    "read_run_grades": VIEWERS,
    "preview_analyses": VIEWERS,
    "analyse_sweep": EDITORS,
    "list_analyses": VIEWERS,
    "read_sweep_behaviour": VIEWERS,
    "read_behaviour_differences": VIEWERS,
    "read_behaviour_gaps": VIEWERS,
    "analyse_run": EDITORS,
    "list_run_analyses": VIEWERS,
    "read_behaviour": VIEWERS,
    "read_rare_sentences": VIEWERS,
    "read_traces": VIEWERS,
    "list_sweep_rollouts": VIEWERS,
    "read_run_rollouts": VIEWERS,
}


def required_roles(route: str) -> Roles:
    """Who may call a route that is not public. Raises Forbidden unless a row says so."""
    if route not in ROUTES:
        raise Forbidden(f"nobody may call {route}: it has no row in api/access.py")
    return ROUTES[route]
