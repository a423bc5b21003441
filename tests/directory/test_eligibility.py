"""Who a service is for, in words."""

from __future__ import annotations

import pytest

from directory.eligibility import ages_in_words, groups_in_words
from directory.models import EligibilityRule, EligibilityTerm
from tests.factories.service import ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("youngest", "oldest", "said"),
    [
        (None, None, ""),
        (60, None, "Aged 60 and over"),
        (None, 25, "Up to the age of 25"),
        (11, 18, "Aged 11 to 18"),
        (0, 4, "Aged 0 to 4"),
    ],
)
def test_ages(youngest, oldest, said):
    assert ages_in_words(ServiceFactory.build(minimum_age=youngest, maximum_age=oldest)) == said


def test_a_reader_is_not_told_the_age_twice():
    service = ServiceFactory(minimum_age=50)
    term = EligibilityTerm.objects.create(group="age", name="People of 50 and over", slug="over-50")
    carers = EligibilityTerm.objects.create(group="caring", name="Carers", slug="carers")
    for group, terms in (("age", [term]), ("caring", [carers])):
        rule = EligibilityRule.objects.create(service=service, group=group, openness="these")
        rule.terms.set(terms)

    assert list(groups_in_words(service)) == ["Caring for someone: Carers"]

    service.minimum_age = None
    assert list(groups_in_words(service)) == [
        "Age: People of 50 and over",
        "Caring for someone: Carers",
    ]


def test_open_to_all_is_said_and_not_known_is_not():
    service = ServiceFactory()
    EligibilityRule.objects.create(service=service, group="disability", openness="all")

    assert list(groups_in_words(service)) == ["Disability: open to all"]
