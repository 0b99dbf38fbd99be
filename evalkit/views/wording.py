"""Every label and fixed sentence that readers see, in plain language, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class Wording:
    """What readers of every report and document see."""

    open_tables: Final = frozenset({"IDENTIFIERS"})

    VERDICT: Final[Mapping[str, str]] = {
        "approve": "Approve",
        "approve-with-conditions": "Approve with conditions",
        "defer": "Defer for evidence",
        "reject": "Reject",
        "not-scorable": "Not scorable",
        "not-eligible": "Not eligible",
    }
    VERDICT_IN_TEXT: Final[Mapping[str, str]] = {
        "approve": "approve",
        "approve-with-conditions": "approve with conditions",
        "defer": "defer for evidence",
        "reject": "reject",
        "not-scorable": "not scorable",
        "not-eligible": "not eligible",
    }
    VERDICT_SYMBOL: Final[Mapping[str, str]] = {
        "approve": "✓",
        "approve-with-conditions": "◐",
        "defer": "?",
        "reject": "✕",
        "not-scorable": "–",
        "not-eligible": "–",
    }
    VERDICT_MEANING: Final[Mapping[str, str]] = {
        "approve": "sufficient as it stands",
        "approve-with-conditions": "sufficient once the listed conditions are deployed and verified",
        "defer": "could be sufficient; the listed evidence has to be obtained first",
        "reject": "not sufficient, whatever further evidence might show",
        "not-scorable": "nothing applies, or nothing was answered",
        "not-eligible": "outside of what the profile compares",
    }
    REASON: Final[Mapping[str, str]] = {
        "sufficient": "Every requirement is met on the evidence at hand.",
        "conditions-needed": "It meets every requirement once its conditions are in place.",
        "evidence-missing": "It could meet every requirement, but evidence is missing.",
        "final-gate": "It fails a final gate, which no condition and no evidence can lift.",
        "no-evidence-helps": (
            "Even with every available control and the best that evidence could show, it would miss a"
            " requirement: another version, more controls or another route is needed."
        ),
        "nothing-applies": "No question of the questionnaire applies to it.",
        "nothing-answered": (
            "Nobody has answered any question that applies to it, and silence gives no score."
        ),
        "eligibility": (
            "The profile compares only options that meet its eligibility rule, and this one does not."
        ),
    }
    GATE: Final[Mapping[str, str]] = {
        "pass": "Passed",
        "open": "Open",
        "fail": "Failed",
        "waived": "Waived",
        "not-applicable": "Does not apply",
    }
    GATE_IN_TEXT: Final[Mapping[str, str]] = {
        "pass": "passed",
        "open": "open",
        "fail": "failed",
        "waived": "waived",
        "not-applicable": "does not apply",
    }
    GATE_SYMBOL: Final[Mapping[str, str]] = {
        "pass": "✓",
        "open": "?",
        "fail": "✕",
        "waived": "◐",
        "not-applicable": "–",
    }
    STATE: Final[Mapping[str, str]] = {
        "answered": "Answered",
        "conflicting": "Conflicting statements",
        "unknown": "Searched for, not found",
        "refused": "Asked, not answered",
        "unanswered": "Nobody has looked yet",
        "not-applicable": "Does not apply",
    }
    STATE_SHORT: Final[Mapping[str, str]] = {
        "answered": "answered",
        "conflicting": "conflicting",
        "unknown": "not found",
        "refused": "refused",
        "unanswered": "unanswered",
        "not-applicable": "does not apply",
    }
    STATE_SYMBOL: Final[Mapping[str, str]] = {
        "conflicting": "≠",
        "unknown": "?",
        "refused": "✕",
        "unanswered": "…",
        "not-applicable": "–",
    }
    CLASS: Final[Mapping[str, str]] = {
        "none": "no evidence",
        "claim": "claim",
        "third_party": "third party",
        "documented": "documented",
        "source_read": "source read",
        "contract": "contract",
        "attested": "attested",
        "tested": "tested",
    }
    CLASS_MEANING: Final[Mapping[str, str]] = {
        "claim": "said or marketed",
        "third_party": "press, researcher or forum",
        "documented": "the vendor's dated public text",
        "source_read": "published source or shipped package",
        "contract": "a clause that covers plan and route",
        "attested": "an independent audit of this product and control",
        "tested": "shown in the organisation's own lab on this version",
    }
    GAP: Final[Mapping[str, str]] = {
        "unanswered": "nobody has looked yet",
        "unknown": "searched for, not found",
        "refused": "asked, not answered",
        "disputed": "evidence disagrees",
        "stale": "evidence has expired",
        "claim": "rests on claims",
        "third_party": "rests on third parties",
        "documented": "documented, not proven",
        "source_read": "read in source, not tested",
        "contract": "promised by contract, not proven",
        "attested": "attested, not tested",
        "tested": "tested, values differ",
    }
    GATE_WHY: Final[Mapping[str, str]] = {
        "pass": "Reaches the bar on evidence of the class that is needed.",
        "short": "Falls short of the bar.",
        "refused": "The vendor was asked and had not answered by the deadline.",
        "undecided-fails": "Undecided, which this profile counts as failed.",
        "unknown": "Nothing is known that would decide it.",
        "mixed": "Statements contradict each other: some reach the bar, some do not.",
        "weak": "Reaches the bar, but the evidence is weaker than needed.",
        "weak-short": "Seems to fall short, but the evidence is too weak to decide it.",
        "not-applicable": "The question does not apply to this option.",
        "waived": "Set aside for this option.",
    }
    KIND: Final[Mapping[str, str]] = {
        "vendor-docs": "vendor documentation",
        "source-code": "source code",
        "package": "released package",
        "schema": "schema",
        "news": "news",
        "third-party": "third party",
        "contract": "contract",
        "audit-report": "audit report",
        "lab": "own lab",
        "correspondence": "correspondence",
    }
    CERTAINTY: Final[Mapping[str, str]] = {
        "robust": "the first place is robust",
        "likely": "the first place is likely to hold",
        "leaning": "the ranking leans this way, no more",
        "undetermined": "the first place is undetermined",
    }
    SCENARIO: Final[Mapping[str, str]] = {
        "stated": "stated weights",
        "dirichlet30": "weights near the stated",
        "flat": "any weights",
        "ordinal": "stated order of weights",
    }
    ASSUMES: Final = "Assumes that these are deployed and verified."
    NOT_PROOF: Final = (
        "Desk research is not proof. A score says how much of what was found stands on evidence; it is no"
        " security test, no audit and no legal advice."
    )
    THREE_NUMBERS: Final = (
        "Assured is what the evidence supports when every statement is taken to overstate as far as its class"
        " allows; potential is the best it leaves open; expected lies between them. Options are ordered by"
        " the assured score, so that silence and bluff never pay."
    )
    INDEPENDENT: Final = (
        "Nothing is normalised by the set of options: adding or removing one changes no other's score or"
        " verdict."
    )
    ABSENCE: Final = (
        "What nobody found is an interval, not a zero; what does not apply follows from a rule of the"
        " questionnaire and neither hurts nor flatters."
    )
    STAKEHOLDER: Final = "weights of {name}"
    AND: Final = " and "
    NOBODY: Final = "none"
    DAY: Final = "{year}-{month}-{day}"
    IDENTIFIERS: Final[Mapping[str, str]] = {
        "api": "API",
        "automatic_memory": "automatic memory",
        "aws_bedrock": "Amazon Bedrock",
        "can_self_sustain": "can self sustain",
        "ci": "CI",
        "cli": "CLI",
        "closed": "closed",
        "cloud": "cloud",
        "cloud_sessions": "cloud sessions",
        "code_index": "code index",
        "compliance_capture": "compliance capture",
        "confidential": "confidential",
        "customer_gateway": "own gateway",
        "data_classes": "data classes",
        "desktop": "desktop",
        "enterprise": "enterprise",
        "extensions": "extensions",
        "features": "features",
        "feedback_upload": "feedback upload",
        "forced_without_notice": "forced without notice",
        "google_vertex": "Google Vertex AI",
        "hooks": "hooks",
        "hosted_backend": "hosted backend",
        "ide": "IDE",
        "indefinite": "indefinite",
        "internal": "internal",
        "licence": "licence",
        "linux": "linux",
        "macos": "macos",
        "microsoft_foundry": "Microsoft Foundry",
        "model_approver": "model approver",
        "no_forced_end": "no forced end",
        "none": "none",
        "none_committed": "none committed",
        "none_exists": "none exists",
        "open_source": "open source",
        "operating_systems": "operating systems",
        "personal": "personal",
        "personal_data": "personal data",
        "plan_type": "plan type",
        "product": "product",
        "public": "public",
        "remote_sessions": "remote sessions",
        "routes": "routes",
        "secret": "secret",
        "self_hosted_model": "self-hosted model",
        "source_available": "source available",
        "surfaces": "surfaces",
        "team": "team",
        "vendor_direct": "vendor directly",
        "version": "version",
        "web": "web",
        "windows": "windows",
    }

    def words(self, identifier: str) -> str:
        """Return an identifier of a closed list as words; one that is not known loses its underscores.

        >>> wording.words("aws_bedrock"), wording.words("open_source")
        ('Amazon Bedrock', 'open source')
        """
        return self.IDENTIFIERS.get(identifier, identifier.replace("_", " "))

    def scenario(self, name: str) -> str:
        """Return a weight scenario in words; a stakeholder's is named after the stakeholder.

        >>> wording.scenario("flat"), wording.scenario("stakeholder:security")
        ('any weights', 'weights of security')
        """
        whose = self.STAKEHOLDER.format(name=name.removeprefix("stakeholder:"))
        return self.SCENARIO.get(name, whose)

    def listed(self, names: tuple[str, ...]) -> str:
        """Return names as people list them.

        >>> wording.listed(("a", "b", "c")), wording.listed(("a",))
        ('a, b and c', 'a')
        """
        *first, last = names or (self.NOBODY,)
        return f"{', '.join(first)}{self.AND}{last}" if first else last

    def day(self, day: date) -> str:
        """Return a day.

        >>> from datetime import date
        >>> wording.day(date(2026, 11, 2))
        '2026-11-02'
        """
        return self.DAY.format(year=f"{day.year:04}", month=f"{day.month:02}", day=f"{day.day:02}")


wording = spoken("wording", Wording)
"""Each text as it is said when it is used."""
