"""Which method and which training settings go together, and what of the settings then counts."""

from domain.errors import Invalid, invalid
from domain.methods import ClipCov, Grpo, KlCov, Method, PassAtK, Ppo
from domain.runs import TrainSettings

OF_A_CRITIC = (
    "critic",
    "critic_learning_rate",
    "critic_warmup_steps",
    "gae_lambda",
    "gamma",
    "whiten_advantages",
)
OF_A_GROUP = ("scale_rewards",)
OF_ADAPTERS = ("lora_alpha",)
OF_A_CLIP = ("clip_low", "clip_high")


class Refusal:
    """Where an error is shown: at the arm if it overrides the setting, else at the sweep's own."""

    def __init__(self, where: str, own: set[str], who: str) -> None:
        self.where = where
        self.own = own
        self.who = who

    def of(self, setting: str, message: str) -> Invalid:
        inside = setting in self.own
        return invalid(f"{self.where}.train.{setting}" if inside else f"train.{setting}", message)


def settle(
    method: Method, train: TrainSettings, where: str, own: set[str], who: str
) -> TrainSettings:
    """The settings as the method trains by them: PPO's estimator, and defaults for what is unused.

    A sweep's settings are for all its arms, and those that mean nothing to one of them must not
    make another run of it. `own` are the settings that the arm at `where` overrides; words call it
    `who`. Raises Invalid for an override without a meaning, and for settings that leave the method
    without effect.
    """
    refusal = Refusal(where, own, who)
    if isinstance(method, Ppo):
        if "estimator" in own and train.estimator != "gae":
            raise refusal.of("estimator", f"{who} uses ppo, which is gae: remove it")
        train = train.model_copy(update={"estimator": "gae"})
    check_estimator(method, train, refusal)
    check_method(method, train, refusal)
    check_devices(train, refusal)
    unused = list_unused(method, train)
    defaults = {name: TrainSettings.model_fields[name].default for name in unused}
    return train.model_copy(update=defaults)


def list_unused(method: Method, train: TrainSettings) -> list[str]:
    """The training settings that mean nothing to the method, or beside the others."""
    return [
        *(OF_A_CRITIC if train.estimator == "group" else OF_A_GROUP),
        *(() if train.lora_rank else OF_ADAPTERS),
        *(OF_A_CLIP if isinstance(method, KlCov) else ()),
    ]


def check_devices(train: TrainSettings, refusal: Refusal) -> None:
    if train.devices == 1:
        return
    if train.estimator == "gae":
        raise refusal.of(
            "devices",
            f"{refusal.who} trains a critic, which is done on one device so far: set it to 1, "
            "in that arm's own train section if the others take more",
        )
    if train.prompts_per_step % train.devices:
        raise refusal.of(
            "devices",
            f"each device takes as many prompts as the others: prompts_per_step "
            f"({train.prompts_per_step}) must be a multiple of devices ({train.devices})",
        )


def check_estimator(method: Method, train: TrainSettings, refusal: Refusal) -> None:
    """Refuses what has no meaning where a group, or a critic, makes the advantages."""
    if train.estimator == "group":
        for setting in OF_A_CRITIC:
            if setting in refusal.own:
                raise refusal.of(
                    setting,
                    f"{refusal.who} takes its advantages from groups and has no critic; remove "
                    "it, or add estimator: gae to the arm's train section",
                )
        return
    if isinstance(method, Grpo):
        raise refusal.of(
            "estimator",
            f"{refusal.who} uses grpo, whose advantages come from groups: use the method ppo "
            "for gae, or write estimator: gae into the arms that take it",
        )
    if isinstance(method, PassAtK):
        raise refusal.of(
            "estimator",
            f"{refusal.who} uses pass_at_k, which rewards sets of a prompt's completions, and "
            "with gae there are none: leave it at group",
        )
    if "scale_rewards" in refusal.own:
        raise refusal.of(
            "scale_rewards",
            f"{refusal.who} takes its advantages from a critic, not from groups; remove it. "
            "whiten_advantages says whether they are scaled",
        )
    if train.critic_warmup_steps >= train.steps:
        raise refusal.of(
            "critic_warmup_steps",
            f"must be less than steps, {train.steps:,} here (given: "
            f"{train.critic_warmup_steps:,}); until they are over the policy of {refusal.who} "
            "learns nothing",
        )


def check_method(method: Method, train: TrainSettings, refusal: Refusal) -> None:
    """Refuses a method whose training settings leave it without effect or without a meaning."""
    where, who = refusal.where, refusal.who
    if isinstance(method, PassAtK) and method.k >= train.completions_per_prompt:
        raise invalid(
            f"{where}.k",
            f"k must be less than completions_per_prompt, {train.completions_per_prompt} here "
            f"(given: {method.k}); a single set of k for a prompt has nothing to be compared with, "
            "and every advantage would be 0",
        )
    if isinstance(method, PassAtK) and train.scale_rewards == "batch":
        raise refusal.of(
            "scale_rewards",
            f"{who} uses pass_at_k, which scales by the deviation of a prompt's sets of k; "
            'choose "group" for that, or "none"',
        )
    if isinstance(method, ClipCov | KlCov) and train.ratio_level == "sequence":
        raise refusal.of(
            "ratio_level",
            f"{who} uses {method.method}, which treats single tokens, and with one ratio for a "
            'whole completion there are none; choose "token"',
        )
    if isinstance(method, KlCov) and train.updates_per_rollout == 1:
        raise refusal.of(
            "updates_per_rollout",
            f"{who} uses kl_cov, which holds the policy to the one that made the rollout; at one "
            "update for a rollout both are the same and the arm is plain GRPO: choose 2 or more",
        )
