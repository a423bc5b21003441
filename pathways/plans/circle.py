"""The circle of support as a drawing: four rings round the person, everybody with a number and a name.

Only numbers come from here; ``templates/pathways/plans/circle.svg`` draws them, on the screen and on paper.
The list beside the drawing says the same, so nobody needs to see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import cos, hypot, pi, sin

from pathways.models import CircleMember

SIZE = 1000  # the drawing is square; its middle is SIZE / 2
MIDDLE = SIZE / 2
CENTRE_RADIUS = 62
RADII: dict[int, int] = {1: 165, 2: 270, 3: 375, 4: 470}
DOT = 27
LETTER = 32  # the size of the letters, and about two of them side by side
LONGEST = 11  # letters of a name that are drawn; the list has it whole
_TURNS = 24  # so many ways to turn a ring are tried


@dataclass(frozen=True)
class Box:
    """Where something stands: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True)
class Drawn:
    """One person of the circle: a dot with their number, the name below where there is room."""

    member: CircleMember
    number: int
    x: int
    y: int
    label: str

    @property
    def label_y(self) -> int:
        return self.y + DOT + LETTER - 4

    @property
    def number_y(self) -> int:
        return self.y + 11

    @property
    def dot(self) -> Box:
        return Box(self.x - DOT, self.y - DOT, self.x + DOT, self.y + DOT)

    @property
    def name(self) -> Box | None:
        if not self.label:
            return None
        half = len(self.label) * LETTER * 0.28 + 4
        return Box(self.x - half, self.y + DOT, self.x + half, self.y + DOT + LETTER)

    def boxes(self) -> list[Box]:
        return [self.dot, self.name] if self.name else [self.dot]


@dataclass(frozen=True)
class Circle:
    """The drawing. ``people`` in the order of their numbers."""

    people: tuple[Drawn, ...]

    @property
    def rings(self) -> list[int]:
        """The radii, the widest first, so that the narrow ones lie on top."""
        return sorted(RADII.values(), reverse=True)

    @property
    def dot(self) -> int:
        return DOT


def draw(members: Iterable[CircleMember]) -> Circle:
    """Place everybody on their ring so that names do not run into each other.

    Each ring is turned until nothing overlaps; where it must, the name is left to the list.
    """
    placed: list[Drawn] = []
    taken = [
        Box(
            MIDDLE - CENTRE_RADIUS,
            MIDDLE - CENTRE_RADIUS,
            MIDDLE + CENTRE_RADIUS,
            MIDDLE + CENTRE_RADIUS,
        )
    ]
    everybody = sorted(members, key=lambda one: one.ring)
    for ring, radius in RADII.items():
        here = [one for one in everybody if one.ring == ring]
        if not here:
            continue
        start = len(placed) + 1
        turned = (_ring(here, radius, start, turn / _TURNS) for turn in range(_TURNS))
        best = min(turned, key=lambda people: (_overlaps(people, taken), -_room(people, placed)))
        for one in _without_names_that_overlap(best, taken):
            placed.append(one)
            taken += one.boxes()
    # A dot of a ring further out may have come to lie on a name of one within.
    for index, one in enumerate(placed):
        others = [box for other in (*placed[:index], *placed[index + 1 :]) for box in other.boxes()]
        if one.name and any(one.name.overlaps(box) for box in others):
            placed[index] = replace(one, label="")
    return Circle(tuple(placed))


def _ring(here: Sequence[CircleMember], radius: int, start: int, turn: float) -> list[Drawn]:
    """Evenly round the ring, the first at the top or ``turn`` of a step further on."""
    step = 2 * pi / len(here)
    found = []
    for index, member in enumerate(here):
        angle = -pi / 2 + (index + turn) * step
        x = round(MIDDLE + radius * cos(angle))
        y = round(MIDDLE + radius * sin(angle)) - LETTER // 3
        found.append(_inside(Drawn(member, start + index, x, y, _short(member.name))))
    return found


def _short(name: str) -> str:
    """ "Jean Example" as "Jean"; a very long word is not drawn in part."""
    for words in (name, *name.split()[:1]):
        if words and len(words) <= LONGEST:
            return words
    return ""


def _inside(one: Drawn) -> Drawn:
    """Moved so far that its dot and name lie within the drawing."""
    boxes = one.boxes()
    left = min(box.left for box in boxes)
    right = max(box.right for box in boxes)
    bottom = max(box.bottom for box in boxes)
    top = one.dot.top
    x = one.x + max(0, -left) - max(0, right - SIZE)
    y = one.y + max(0, -top) - max(0, bottom - SIZE)
    return replace(one, x=round(x), y=round(y))


def _room(people: Sequence[Drawn], placed: Sequence[Drawn]) -> float:
    """How far the nearest of them is from anybody of the rings within: the more the better."""
    return min(
        (hypot(one.x - other.x, one.y - other.y) for one in people for other in placed), default=0
    )


def _overlaps(people: Sequence[Drawn], taken: Sequence[Box]) -> int:
    count = 0
    known = list(taken)
    for one in people:
        count += sum(box.overlaps(other) for box in one.boxes() for other in known)
        known += one.boxes()
    return count


def _without_names_that_overlap(people: Sequence[Drawn], taken: Sequence[Box]) -> list[Drawn]:
    dots = [one.dot for one in people]
    known = list(taken)
    kept = []
    for one in people:
        name = one.name
        others = [dot for dot in dots if dot != one.dot]
        if name and any(name.overlaps(other) for other in [*known, *others]):
            one = replace(one, label="")
        kept.append(one)
        known += one.boxes()
    return kept
