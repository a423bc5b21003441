"""The drawing of the circle of support: everybody is on it, nothing hides anything."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

from django.template.loader import render_to_string
from hypothesis import example, given
from hypothesis import strategies as st

from pathways.models import CircleMember
from pathways.plans.circle import RADII, SIZE, draw

names = st.text(st.characters(categories=["Lu", "Ll", "Zs"]), min_size=1, max_size=40)
people = st.lists(
    st.builds(
        lambda name, ring: CircleMember(name=name, ring=ring), names, st.sampled_from([*RADII])
    ),
    max_size=30,
)


# Moved inwards for the sake of a long name, a dot of the widest ring lay on a name of the one within.
A_DOT_ON_A_NAME = [
    CircleMember(name=name, ring=ring)
    for name, ring in [
        *[("A", 1)] * 5,
        *[("A", 3)] * 2,
        *[("A", 4)] * 2,
        ("A" * 10, 4),
        *[("A", 4)] * 5,
        ("A" * 10, 4),
        *[("A", 4)] * 2,
    ]
]


@example(A_DOT_ON_A_NAME)
@given(people)
def test_names_hide_neither_names_nor_numbers(members: list[CircleMember]) -> None:
    drawn = draw(members).people
    for one, other in combinations(drawn, 2):
        for name, rest in ((one.name, other.boxes()), (other.name, one.boxes())):
            if name is not None:
                assert not any(name.overlaps(box) for box in rest), (one, other)


@given(people)
def test_everybody_is_drawn_inside_and_numbered_from_the_middle_outwards(
    members: list[CircleMember],
) -> None:
    drawn = draw(members).people
    assert [one.number for one in drawn] == list(range(1, len(members) + 1))
    assert [one.member.ring for one in drawn] == sorted(member.ring for member in members)
    for one in drawn:
        for box in one.boxes():
            assert 0 <= box.left < box.right <= SIZE + 1
            assert 0 <= box.top < box.bottom <= SIZE + 1


def test_a_long_name_is_left_to_the_list_and_not_cut() -> None:
    (one,) = draw([CircleMember(name="Bartholomew-Alexander", ring=1)]).people
    assert one.label == ""
    (short,) = draw([CircleMember(name="Jean from number nine", ring=1)]).people
    assert short.label == "Jean"


def test_the_drawing_is_well_formed_and_says_what_it_is() -> None:
    circle = draw([CircleMember(name="Jean <b> & Co", ring=2)])
    text = render_to_string("pathways/plans/circle.svg", {"circle": circle})
    picture = ElementTree.fromstring(text)  # noqa: S314  (our own)
    space = "{http://www.w3.org/2000/svg}"
    assert picture.get("role") == "img"
    assert picture.findtext(f"{space}title") == "Circle of support"
    assert "1 person" in (picture.findtext(f"{space}desc") or "")
    assert "1" in [text.text for text in picture.iter(f"{space}text")]
