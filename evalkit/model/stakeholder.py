"""How one stakeholder weighs the domains: what was asked, before it becomes numbers that sum to 1."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evalkit.model.values import Id, OptionalText, Text, Value, Weight

Swing = Annotated[float, Field(gt=0, le=100, strict=True)]
"""Worth of a domain's swing from worst to best, 100 for the swing that matters most."""

METHOD_DATA = {
    "direct": "domain_weights",
    "swing": "swings",
    "rank": "ranking",
    "ahp": "comparisons",
}
"""The key that holds the data of each method."""


class StakeholderWeights(Value):
    """The file ``weights/<stakeholder>.yaml``; exactly the data of its method are given.

    The ranking begins with what matters most; a list within it is a tie. ``comparisons[a][b]`` is how many
    times as important a is as b; the reverse may be left out.
    """

    format: Literal["evalkit/weights/1"]
    stakeholder: Id
    title: Text
    method: Literal["direct", "swing", "rank", "ahp"]
    domain_weights: dict[Id, Weight] | None = None
    swings: dict[Id, Swing] | None = None
    ranking: tuple[Id | tuple[Id, ...], ...] | None = None
    comparisons: dict[Id, dict[Id, Weight]] | None = None
    note: OptionalText | None = None

    @property
    def places(self) -> tuple[tuple[str, ...], ...]:
        """The ranking, most important place first, each place with the domains that share it."""
        return tuple((place,) if isinstance(place, str) else place for place in self.ranking or ())
