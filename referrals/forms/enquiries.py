"""The form of an enquiry, saved while it is typed: what is right is kept, what is wrong is said."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, cast

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from dcsn.forms import DateField, DatePartsInput, normalise_postcode
from directory.models import TaxonomyTerm
from members.models import Format
from referrals.forms.merging import Merge, marks_for, merge, read_marks, write_marks
from referrals.models import Enquiry
from referrals.models.enquiry import WANTS_AT_MOST, WORDS_AT_MOST

# What the page holds of the enquiry itself, in the order of the page.
FACTS = (
    "channel", "on_behalf_of", "route_of_access", "words", "wants", "answer", "support", "unmet",
    "promised_on", "promise", "formats", "interpreter_language", "outward",
)  # fmt: skip
WITH_TOPICS = (*FACTS, "topics")
# Of these both can be kept.
TEXTS = frozenset({"words", "wants", "answer"})
# One is not kept without the other (constraints of the database).
PAIRS = {"promise": "promised_on", "interpreter_language": "formats"}
ANSWER_AT_MOST = 2000
PROMISED_AHEAD = timedelta(days=731)
KEEP = "keep-"
# A page may lie open over a weekend; then it began when it was sent.
PAGE_IS_NEW_FOR = timedelta(hours=12)
_SALT = "referrals.enquiry"


def new_page_key() -> str:
    """What a new page carries: its key and when it was opened, signed."""
    return signing.dumps([str(uuid.uuid4()), timezone.now().isoformat()], salt=_SALT)


def read_page_key(text: str) -> tuple[uuid.UUID, Any]:
    """The key, and when the page was opened; a page that nobody signed gets its own."""
    try:
        key, at = signing.loads(text, salt=_SALT, max_age=PAGE_IS_NEW_FOR)
        return uuid.UUID(key), parse_datetime(at)
    except (signing.SignatureExpired, signing.BadSignature, ValueError, TypeError):
        pass
    try:
        # Too old to say when it began, and still the same page.
        key, _at = signing.loads(text, salt=_SALT)
        return uuid.UUID(key), None
    except (signing.BadSignature, ValueError, TypeError):
        return uuid.uuid4(), None


@dataclass(frozen=True)
class Clash:
    """A field that two people wrote: what the other one made of it."""

    name: str
    label: str
    theirs: str
    # Words can be put together; a choice cannot.
    is_text: bool

    @property
    def control(self) -> str:
        return f"{KEEP}{self.name}"


class TextField(forms.CharField):
    """Words as they were typed, with one kind of line break."""

    def __init__(self, *, rows: int = 3, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(widget=forms.Textarea({"rows": rows, "autocomplete": "off"}), **options)

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "")
        return text.replace("\r\n", "\n").replace("\r", "\n")


class EnquiryForm(forms.Form):
    """One contact at the desk.

    Nothing is required and nothing is too long while the enquiry is open: ``finishing_problems`` says what
    stands in the way of the end.
    """

    channel = forms.ChoiceField(
        label=_("How they got in touch"), choices=Enquiry.Channel.choices, required=False
    )
    on_behalf_of = forms.ChoiceField(
        label=_("For whom"), choices=Enquiry.OnBehalfOf.choices, required=False
    )
    route_of_access = forms.ChoiceField(
        label=_("What brought them"), choices=Enquiry.Route.choices, required=False
    )
    words = TextField(label=_("What do they say?"), rows=3)
    wants = TextField(label=_("What do they hope for?"), rows=2)
    answer = TextField(label=_("What did you tell them?"), rows=3)
    support = forms.ChoiceField(
        label=_("Who did it?"),
        choices=Enquiry.Support.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    unmet = forms.BooleanField(
        label=_("Nothing was found for what they need"),
        help_text=_("Counted, so that the network can see what is missing."),
        required=False,
    )
    promised_on = DateField(label=_("Promised for"), required=False)
    promise = forms.CharField(
        label=_("What you promised"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    formats = forms.MultipleChoiceField(
        label=_("How they need information"),
        choices=Format.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    interpreter_language = forms.CharField(
        label=_("Which language, for an interpreter?"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"class": "govuk-input--width-20", "autocomplete": "off"}),
    )
    outward = forms.CharField(
        label=_("Postcode: the first half is enough"),
        help_text=_("Like DL3. Only the first half is kept."),
        required=False,
        widget=forms.TextInput(
            {"class": "govuk-input--width-10", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    topics = forms.ModelMultipleChoiceField(
        label=_("Topics"),
        queryset=TaxonomyTerm.objects.filter(is_topic=True),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    mark_optional = False

    def __init__(self, data: QueryDict | None = None, *, enquiry: Enquiry) -> None:
        self.enquiry = enquiry
        self.stored = stored_values(enquiry)
        super().__init__(data, initial=self._initial())
        self.clashes: dict[str, Clash] = {}

    def _initial(self) -> dict[str, Any]:
        return {
            **self.stored,
            "seen": write_marks(marks_for(self.stored, WITH_TOPICS)),
        }

    # --- What was typed -----------------------------------------------------------------------------

    def _clean_choice(self, name: str) -> str:
        # A page that does not show the field leaves it as it was.
        return self.cleaned_data[name] or self.stored[name]

    def clean_channel(self) -> str:
        return self._clean_choice("channel")

    def clean_on_behalf_of(self) -> str:
        return self._clean_choice("on_behalf_of")

    def clean_route_of_access(self) -> str:
        return self._clean_choice("route_of_access")

    def clean_outward(self) -> str:
        """The outward code of whatever was typed; the rest is not kept."""
        text = self.cleaned_data["outward"]
        if not text:
            return ""
        postcode = normalise_postcode(text, partial=True)
        if postcode is None:
            raise ValidationError(
                _now("Enter a postcode, like DL3 7XX, or its first half, like DL3")
            )
        return postcode.split(" ")[0]

    def clean_promised_on(self) -> Any:
        day = self.cleaned_data["promised_on"]
        today = timezone.localdate()
        if day is None or day == self.stored["promised_on"]:
            return day
        if day < today:
            raise ValidationError(_now("The day you promised is in the past"))
        if day > today + PROMISED_AHEAD:
            raise ValidationError(_now("The day you promised is more than two years away"))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        no_day = not cleaned.get("promised_on") and "promised_on" not in self.errors
        if cleaned.get("promise") and no_day:
            self.add_error("promised_on", _now("Say for which day you promised it"))
        if "formats" in cleaned:
            ticked = set(cleaned["formats"])
            if cleaned.get("interpreter_language"):
                # Whoever names a language needs an interpreter.
                ticked.add(Format.INTERPRETER.value)
            cleaned["formats"] = [one for one in Format.values if one in ticked]
        return cleaned

    def typed(self) -> dict[str, Any]:
        """What is right, by name; a field that is wrong is left out, and so is its twin."""
        self.is_valid()
        wrong = set(self.errors)
        for one, other in PAIRS.items():
            if other in wrong or one in wrong:
                wrong |= {one, other}
        values = {name: self.cleaned_data[name] for name in FACTS if name not in wrong}
        if "topics" not in wrong:
            values["topics"] = frozenset(term.pk for term in self.cleaned_data["topics"])
        return values

    def merged(self, typed: Mapping[str, Any]) -> Merge:
        """What is to be written into the enquiry as it is now."""
        choices = {name: self.data.get(f"{KEEP}{name}", "") for name in WITH_TOPICS}
        result = merge(
            mine=typed,
            current=self.stored,
            seen=read_marks(self.data.get("seen", "")),
            choices=choices,
        )
        # A pair is one thing to whoever reads it: both or neither.
        for one, other in PAIRS.items():
            if one in result.clashes or other in result.clashes:
                for name in (one, other):
                    if name in result.facts:
                        result.clashes[name] = self.stored[name]
                        del result.facts[name]
        return result

    # --- The page again -----------------------------------------------------------------------------

    def again(self, enquiry: Enquiry, result: Merge) -> EnquiryForm:
        """The page after a save: the enquiry as it is now, with what is wrong or in dispute as typed."""
        fresh = EnquiryForm(enquiry=enquiry)
        data = cast(QueryDict, self.data).copy()
        kept = {*self.errors, *result.clashes}
        for one, other in PAIRS.items():
            if kept & {one, other}:
                kept |= {one, other}
        for name in WITH_TOPICS:
            data.pop(f"{KEEP}{name}", None)
            if name in kept:
                continue
            for control, values in control_values(fresh, name).items():
                data.setlist(control, values)
        marks = marks_for(fresh.stored, WITH_TOPICS)
        data["seen"] = write_marks(marks)
        again = EnquiryForm(data, enquiry=enquiry)
        again.is_valid()
        for name, messages in self.errors.items():
            if name not in again.errors and name in again.fields:
                again.errors[name] = messages
        again.clashes = {
            name: Clash(
                name, str(again.fields[name].label), say_value(again, name, now), name in TEXTS
            )
            for name, now in result.clashes.items()
        }
        return again

    def seen_after(self, result: Merge) -> str:
        """The marks of the page as it stands in the browser after a save that did not draw it anew.

        A field that somebody else changed keeps its old mark: the page still shows the old words.
        """
        before = read_marks(self.data.get("seen", ""))
        marks = marks_for(self.stored, WITH_TOPICS)
        typed = self.typed()
        for name in WITH_TOPICS:
            if name in result.facts and name in typed:
                marks[name] = marks_for(typed, [name])[name]
            elif name in result.taken_over or name in result.clashes or name in self.errors:
                marks[name] = before.get(name, marks[name])
        return write_marks(marks)

    @cached_property
    def topic_groups(self) -> list[tuple[str, list[tuple[str, TaxonomyTerm, bool]]]]:
        """(name of the group, [(id of the tick box, topic, ticked)]); one query."""
        ticked = {str(value) for value in self["topics"].value() or ()}
        groups = []
        number = 0
        for top, below in TaxonomyTerm.objects.for_topics_page():
            boxes = []
            for term in [top, *below]:
                boxes.append((f"id_topics_{number}", term, str(term.pk) in ticked))
                number += 1
            groups.append((top.name, boxes))
        return groups

    @property
    def ticked_topics(self) -> list[str]:
        return [
            term.name for _top, boxes in self.topic_groups for _id, term, is_on in boxes if is_on
        ]

    @property
    def promises(self) -> bool:
        """Whether anything stands in the part about a promise."""
        typed = self["promised_on"].value()
        day = any(typed) if isinstance(typed, list) else typed
        names = {"promise", "promised_on"}
        return bool(
            day or self["promise"].value() or names & set(self.clashes) or names & set(self.errors)
        )

    def finishing_problems(self, state: str, *, chosen: int) -> Iterator[tuple[str, str]]:
        """(field, sentence): what stands in the way of an end like this."""
        stored = self.stored
        if state in (Enquiry.State.ABANDONED, Enquiry.State.ENTERED_IN_ERROR):
            return
        if len(stored["words"]) > WORDS_AT_MOST:
            yield "words", too_long(stored["words"], WORDS_AT_MOST)
        if len(stored["wants"]) > WANTS_AT_MOST:
            yield "wants", too_long(stored["wants"], WANTS_AT_MOST)
        if len(stored["answer"]) > ANSWER_AT_MOST:
            yield "answer", too_long(stored["answer"], ANSWER_AT_MOST)
        if not stored["words"] and not stored["wants"] and not stored["topics"]:
            yield "words", _now("Write a few words about what they asked, or tick a topic")
        said = stored["answer"] or stored["unmet"] or chosen
        if state == Enquiry.State.ANSWERED and not said:
            yield "answer", _now("Write what you told them, or tick that nothing was found")


def too_long(text: str, most: int) -> str:
    return _now(
        "This is %(over)s characters too long: at most %(most)s can be kept when the enquiry is "
        "finished. Nothing has been cut off."
    ) % {"over": f"{len(text) - most:,}", "most": f"{most:,}"}


def stored_values(enquiry: Enquiry) -> dict[str, Any]:
    """The enquiry's own facts, as the form compares them."""
    values = {name: getattr(enquiry, name) for name in FACTS}
    values["topics"] = (
        frozenset()
        if enquiry._state.adding
        else frozenset(enquiry.topics.values_list("pk", flat=True))
    )
    return values


def control_values(form: EnquiryForm, name: str) -> dict[str, list[str]]:
    """What the controls of a field send when the page shows the stored value."""
    field, value = form.fields[name], form.stored[name]
    html = form.add_prefix(name)
    if isinstance(field.widget, DatePartsInput):
        parts = field.widget.decompress(value)
        return {
            f"{html}_{suffix}": [] if part is None else [str(part)]
            for suffix, part in zip(DatePartsInput.PARTS, parts, strict=True)
        }
    if isinstance(field, forms.BooleanField):
        return {html: ["on"] if value else []}
    if isinstance(value, (list, tuple, frozenset, set)):
        return {html: [str(one) for one in value]}
    return {html: ["" if value is None else str(value)]}


def say_value(form: EnquiryForm, name: str, value: Any) -> str:
    """A stored value as a person reads it."""
    if isinstance(value, bool):
        return str(_now("yes") if value else _now("no"))
    if name == "topics":
        names = TaxonomyTerm.objects.filter(pk__in=value).values_list("name", flat=True)
        return ", ".join(names)
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        labels = dict(field.choices)  # type: ignore[arg-type]
        values = value if isinstance(value, list) else [value]
        return ", ".join(str(labels.get(one, one)) for one in values if one)
    if name == "promised_on":
        return f"{value:%-d %B %Y}" if value else ""
    return str(value or "")
