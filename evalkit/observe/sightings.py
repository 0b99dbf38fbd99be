"""What was found where, added up: for each rule and value, how often in which region."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Final

from pydantic import Field

from evalkit.model.observation import Amount, Excerpt, Locator, ShortDigest
from evalkit.model.values import Flag, Text, Value

_PRUNE_AT: Final = 400


class Sighting(Value):
    """One value that one rule's needles found.

    Attributes
    ----------
    counted : dict
        How often, by region; ``catalogue`` where a table of other people's hosts lies.
    locators : tuple of Locator
        The first of them, by member and place.
    is_cut : bool
        Whether it is the last of so many that others were not kept.
    sha256_12 : str or None
        Stands for the value where that is a secret.
    """

    key: Text
    text: Excerpt = ""
    sha256_12: ShortDigest | None = None
    counted: dict[str, Amount]
    locators: Annotated[tuple[Locator, ...], Field(max_length=20)] = ()
    is_cut: Flag = False

    @property
    def in_program(self) -> int:
        """How often it stands in the program itself."""
        return self.counted.get("app", 0) + self.counted.get("map", 0)

    @property
    def occurrences(self) -> int:
        """How often it stands anywhere."""
        return sum(self.counted.values())


@dataclass(slots=True)
class Tally:
    """Adds up places of one value."""

    counted: dict[str, int] = field(default_factory=dict)
    places: list[tuple[bool, str, int, Locator]] = field(default_factory=list)

    def add(self, region: str, locator: Locator, *, most: int) -> None:
        """Add one place; the first ``most`` are kept, those in the program before all others."""
        self.counted[region] = self.counted.get(region, 0) + 1
        self.places.append((region != "app", locator.member, locator.offset or 0, locator))
        if len(self.places) > _PRUNE_AT:
            self._prune(most)

    def locators(self, most: int) -> tuple[Locator, ...]:
        """Return the first places."""
        self._prune(most)
        return tuple(place[3] for place in self.places)

    def _prune(self, most: int) -> None:
        self.places.sort(key=lambda place: place[:3])
        del self.places[most:]
