"""What stands in where a product cannot bring a condition about by itself: measures of the organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.controls import ConditionText
    from evalkit.model.questionnaire import Questionnaire

_SUBSTITUTES: Final[Mapping[str, str]] = {
    "telemetry-off": "egress deny on the telemetry hosts",
    "error-reports-off": "egress deny on the error-report hosts",
    "feedback-off": "egress deny on feedback hosts; contract clause",
    "share-off": "egress deny on sharing hosts",
    "vendor-traffic-off": "default-deny egress with only the chosen endpoint",
    "feature-flags-off": "egress deny on the flag hosts",
    "auto-update-off": "packaged install without write access, egress deny on update hosts",
    "version-pin": "application control by hash",
    "no-bypass": "container with scoped rights; alert on the flags in process logs",
    "human-approver": "contract, review rule; application control",
    "command-approval": "container without credentials and with egress list",
    "central-rules": "container; shell wrapper outside the agent",
    "policy-hook": "own gateway or wrapper",
    "secrets-read-deny": "mount only the project; no secrets on the machine",
    "project-boundary": "container that mounts only the project",
    "repository-limits": "separate machines for sensitive repositories",
    "workspace-trust": "open unknown repositories in throwaway containers",
    "sandbox-on": "container or virtual machine of the organisation",
    "network-allowlist": "default-deny egress gateway around the machine",
    "web-off": "egress allow-list",
    "mcp-allowlist": "egress allow-list; no package runners on the machine",
    "plugin-allowlist": "egress deny on registries and marketplaces, own mirror",
    "hooks-managed-only": "read-only configuration folders in an image",
    "content-filter": "own gateway with scanner as only permitted endpoint",
    "route-pin": "egress allow-list with only the approved endpoint",
    "side-calls-pinned": "egress allow-list with only the approved endpoint",
    "account-pin": "network tenant restriction",
    "model-pin": "cloud policy or gateway that permits model ids",
    "region-pin": "cloud policy that denies other regions",
    "retention-limits": "contract; gateway that permits model ids",
    "training-off": "contract",
    "local-retention": "scheduled deletion by the operating system",
    "no-local-transcripts": "data folder on tmpfs",
    "memory-off": "scheduled deletion of the memory folder",
    "keychain": "short-lived tokens from a helper; encrypted home",
    "env-scrub": "start in an account or container without credentials",
    "remote-off": "egress deny on control-plane hosts",
    "result-review": "protected branches and a second approver",
    "index-off": "egress deny on the index hosts",
    "audit-export": "process and network log of the machine; gateway log",
    "policy-delivery": "device management that repairs files; wrapper in an image",
    "proxy-ca": "block direct egress on developer networks",
    "instructions": "none needed",
}
"""By condition; they name no product, and carry no level."""


def substitute_for(condition: str, text: ConditionText | None, questionnaire: Questionnaire) -> str:
    """Return the substitute for a condition: the listed one, else a remedy of its questions, else none.

    An organisation's own conditions have no entry here; the questionnaire's remedies speak for them.
    """
    known = _SUBSTITUTES.get(condition)
    if known is not None:
        return known
    questions = text.questions if text is not None else ()
    remedies = (questionnaire.by_id[name].remedy for name in questions if name in questionnaire.by_id)
    return next((remedy.setting for remedy in remedies if remedy is not None), "")
