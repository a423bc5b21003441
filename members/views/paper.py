""" "Post it to me", as a resident meets it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from dcsn.access import public
from dcsn.limits.rates import limited
from directory.models import Service, TaxonomyTerm
from directory.my_list import MyList, in_order
from members.access import posting_desk
from members.actions.paper import MOST_SERVICES, PAPER_FORM, ask_for_paper
from members.forms.paper import PaperForm
from members.models import PaperRequest
from members.refusals import Refused

DONE = "paper_done"


@dataclass(frozen=True)
class Choice:
    """What is to be posted, as the address says it: ``?service=…&service=…`` or ``?topic=…``; with
    neither, the reader's own list."""

    services: list[Service]
    topic: TaxonomyTerm | None
    from_list: bool

    def __bool__(self) -> bool:
        return bool(self.services or self.topic)

    @property
    def query(self) -> str:
        """The same choice as the part of an address after the question mark."""
        pairs = [("service", service.short_id) for service in self.services]
        if self.topic is not None:
            pairs.append(("topic", self.topic.slug))
        return urlencode(pairs)


def choice_from(request: HttpRequest, *, own_list: bool = True) -> Choice:
    """Read the choice; what is not published (any more) is left out silently."""
    short_ids = list(dict.fromkeys(request.GET.getlist("service")))[:MOST_SERVICES]
    topic = TaxonomyTerm.objects.filter(
        slug=request.GET.get("topic", "")[:120], is_topic=True
    ).first()
    if short_ids:
        found = {
            service.short_id: service
            for service in Service.objects.publishable()
            .filter(short_id__in=[key for key in short_ids if key.isascii() and key.isalnum()])
            .select_related("organisation")
        }
        services = [found[key] for key in short_ids if key in found]
        return Choice(services, topic, from_list=False)
    if topic is None and own_list:
        return Choice(in_order(MyList(request).ids), None, from_list=True)
    return Choice([], topic, from_list=False)


@public
@limited("paper")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest) -> HttpResponse:
    """Ask for sheets by post. What to post is in the address, who for in the form."""
    choice = choice_from(request)
    desk = posting_desk()
    if desk is None or not choice:
        return render(request, "members/paper_choose.html", {"desk": desk})
    form = PaperForm(request.POST or None, services=choice.services)
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask_for_paper(
                key=form.cleaned_data["key"],
                organisation=desk,
                wanted=form.wanted,
                topic=choice.topic,
                envelope=form.envelope,
                via=PaperRequest.Via.ONLINE,
                by=PAPER_FORM,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            # The next page tells the reference; on a shared computer it must tell no more than that.
            request.session[DONE] = {
                "reference": asked.reference,
                "outside": asked.area == PaperRequest.Area.OUT,
                "by_email": bool(asked.email),
            }
            return redirect("members:paper_done")
    return render(request, "members/paper.html", {"form": form, "choice": choice})


@public
@never_cache
@require_safe
def paper_done(request: HttpRequest) -> HttpResponse:
    """That it was asked for; a reload says the same and asks for nothing."""
    done = request.session.get(DONE)
    if done is None:
        return redirect("members:paper")
    return render(request, "members/paper_done.html", {"done": done})
