"""What people say. Everything here is made up; their names are in ``members/invented``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """What somebody says, what they hope for, and the topics that it is about (by slug)."""

    words: str
    wants: str
    topics: tuple[str, ...]


STORIES = (
    Story("I can't get in and out of the bath any more", "To bathe without being afraid",
          ("equipment", "home-safety")),
    Story("Nobody has been in since my husband died", "Somebody to talk to", ("befriending",
          "bereavement")),
    Story("The money doesn't reach to the end of the week", "To know what I am entitled to",
          ("benefits", "debt")),
    Story("I look after Mum day and night and I am worn out", "A few hours to myself",
          ("carers-breaks", "carers-support")),
    Story("I fell on the stairs in the spring and dare not go up", "A second rail",
          ("home-safety", "repairs")),
    Story("I have stopped driving and can't get to the hospital", "A lift that I can afford",
          ("lifts", "hospital-transport")),
    Story("He forgets where he is and I don't know where to turn", "Somebody who knows about it",
          ("dementia", "carers-support")),
    Story("My sight is going and I can't read my letters", "Help with reading the post",
          ("sight-loss",)),
    Story("I haven't had a hot dinner for days", "A meal, and company with it", ("lunch-clubs",
          "meals")),
    Story("The letters from the council frighten me", "Somebody to go through them with me",
          ("advocacy", "housing")),
    Story("I can't cut my own toenails", "Somebody who comes to the house", ("foot-care",)),
    Story("My daughter says I should get out more", "A walk with others", ("exercise", "outdoors")),
    Story("The heating has packed up and there's damp", "A warm room before the winter",
          ("food-and-fuel", "repairs")),
    Story("I want to learn how to ring my grandson on the computer", "A patient teacher",
          ("learning",)),
    Story("I hear only half of what is said", "A hearing aid that works", ("hearing-loss",)),
)  # fmt: skip
REASONS_GIVEN = (
    "", "", "Full until the new year.", "We only see people in the north of the borough.",
    "Rang three times, no answer.", "They said that their family sees to it now.",
)  # fmt: skip
