"""The pages: what everybody, a shop with its link, and the desk see and do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dcsn.messages.models import Message
from members.models import OfferVersion, Shop, ShopLink, TillCount
from members.offers import offer_for_till
from members.offers.actions import Seen
from members.offers.forms.shops import SignUpForm
from members.offers.links import link_token, page_address
from members.offers.paper import parts
from members.offers.words import in_a_line
from tests.conftest import Cast
from tests.factories.organisation import OrganisationFactory
from tests.factories.shop import ShopFactory, offer, shop_link
from tests.members.offers.drafts import typed_offer

pytestmark = pytest.mark.django_db
NASTY = "<b>Ends & Odds</b> \"'"


def text_of(response: Any) -> str:
    return response.content.decode()


def pages_of(response: Any) -> int:
    with pikepdf.open(BytesIO(response.content)) as pdf:
        return len(pdf.pages)


@pytest.fixture
def officer(cast: Cast, client_as: Callable[..., Client]) -> Client:
    return client_as(cast.membership_officer)


# --- Everybody --------------------------------------------------------------------------------------


def test_an_offers_page_says_everything_and_nobodys_name(client: Client) -> None:
    shop = ShopFactory(
        name=NASTY, contact_name="Secret Contact", contact_email="secret@example.org",
        contact_phone="01632 960799", agreed_by="Secret Agreed", place=(54.5, -1.5),
    )  # fmt: skip
    version = offer(shop=shop, wording="</script><i>all</i>", exclusions=NASTY)
    response = client.get(version.offer.get_absolute_url())
    page = text_of(response)
    assert response.status_code == 200
    assert "&lt;b&gt;Ends &amp; Odds" in page
    assert "<i>all" not in page
    for word in ("Secret", "secret@", "960799", shop.till_code):
        assert word not in page, word
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert block is not None
    data = json.loads(block[1])
    assert data["@type"] == "Offer"
    assert data["offeredBy"]["name"] == NASTY
    assert data["offeredBy"]["geo"]["latitude"] == 54.5


def test_an_old_name_leads_to_the_page(client: Client) -> None:
    version = offer()
    response = client.get(f"/offers/old-name-{version.offer.short_id}/")
    assert response.status_code == 301
    assert response["Location"] == version.offer.get_absolute_url()


@pytest.mark.parametrize("state", ["draft", "proposed", "turned-down", "ended"])
def test_what_is_not_on_show_has_no_page(client: Client, state: str) -> None:
    version = offer(state=state)
    assert client.get(version.offer.get_absolute_url()).status_code == 404
    sitemap = text_of(client.get("/sitemap-offers.xml"))
    assert version.offer.short_id not in sitemap


def test_a_shop_that_left_has_no_page_and_what_is_to_come_has(client: Client) -> None:
    today = timezone.localdate()
    left = offer(shop=ShopFactory(left_on=today))
    over = offer(from_on=today - timedelta(days=5), until_on=today - timedelta(days=1))
    to_come = offer(from_on=today + timedelta(days=5))
    assert client.get(left.offer.get_absolute_url()).status_code == 404
    assert client.get(over.offer.get_absolute_url()).status_code == 404
    page = text_of(client.get(to_come.offer.get_absolute_url()))
    assert "Not today" in page


def test_what_is_not_on_show_today_is_not_said_to_be(client: Client, officer: Client) -> None:
    today, shop = timezone.localdate(), ShopFactory()
    offer(shop=shop, from_on=today + timedelta(days=5))
    for_shop = f"/offers/shop/{link_token(shop_link(shop))}/"
    for page in (client.get(for_shop), officer.get(shop.get_absolute_url())):
        assert "Begins later" in page.text
        assert "On show now" not in page.text
    OfferVersion.objects.update(
        from_on=today - timedelta(days=9), until_on=today - timedelta(days=1)
    )
    for page in (client.get(for_shop), officer.get(shop.get_absolute_url())):
        assert "Its last day has passed" in page.text
        assert "On show now" not in page.text
        assert "Its page" not in page.text
    OfferVersion.objects.update(until_on=today)
    assert "On show now" in client.get(for_shop).text


def test_the_sitemap_and_robots_know_offers(client: Client) -> None:
    version = offer()
    assert version.offer.get_absolute_url() in text_of(client.get("/sitemap-offers.xml"))
    assert "/offers/" in text_of(client.get("/sitemap-offer-pages.xml"))
    assert "Disallow: /offers/shop/\n" in text_of(client.get("/robots.txt"))


@pytest.mark.parametrize("size", [14, 18, 24])
def test_the_leaflet_is_printed_with_contents(client: Client, size: int) -> None:
    for number in range(3):
        offer(shop=ShopFactory(name=f"Shop {number} {NASTY}"), exclusions=NASTY)
    offer(shop=ShopFactory(category="pets", postcode="AB9 9ZZ"))
    for order in ("category", "area", "no such order"):
        response = client.get("/offers/leaflet.pdf", {"size": size, "order": order})
        assert response["Content-Type"] == "application/pdf"
        assert pages_of(response) >= 2


def test_a_leaflet_of_nothing_leads_back(client: Client) -> None:
    response = client.get("/offers/leaflet.pdf?q=unicorn")
    assert response.status_code == 302
    assert response["Location"] == "/offers/?q=unicorn"


# --- A shop, with its link ----------------------------------------------------------------------------


def test_the_shop_sees_its_offer_and_numbers_of_five_or_more(client: Client) -> None:
    shop = ShopFactory()
    offer(shop=shop, wording="everything")
    other = offer(wording="another shop's")
    today = timezone.localdate()
    for back, n in ((0, 99), (1, 4), (2, 5), (3, 1), (29, 77)):
        TillCount.objects.create(shop=shop, day=today - timedelta(days=back), n=n)
    TillCount.objects.create(shop=other.offer.shop, day=today - timedelta(days=4), n=44)

    page = text_of(client.get(page_address(shop_link(shop))))

    shown = re.findall(r"<td[^>]*>([^<]+)</td>", page)
    assert shown.count("5") == 1
    assert shown.count("fewer than 5") == 27
    assert len(shown) == 28
    assert "another shop" not in page


def test_looking_at_the_link_changes_nothing(client: Client) -> None:
    link = shop_link(offer().offer.shop)
    before = list(ShopLink.objects.values())
    for path in ("", "new/", "poster.pdf"):
        response = client.get(page_address(link) + path)
        assert response.status_code == 200
        assert response["Referrer-Policy"] == "same-origin"
        assert "noindex" in response["X-Robots-Tag"]
        assert "no-store" in response["Cache-Control"]
    assert list(ShopLink.objects.values()) == before


def test_a_shop_proposes_and_the_officer_puts_it_on_show(client: Client, officer: Client) -> None:
    shown = offer(wording="everything in the shop")
    shop, address = shown.offer.shop, page_address(shop_link(shown.offer.shop))
    form = f"{address}{shown.offer.pk}/"
    typed = typed_offer(seen=str(Seen.of(shown)), percent="25")

    for _twice in range(2):
        assert client.post(form, typed).status_code == 302
    assert "Waiting to be looked at" in text_of(client.get(address))
    assert offer_for_till(shop).startswith("10% off")

    proposal = OfferVersion.objects.get(state="proposed")
    page = text_of(officer.get("/desk/offers/"))
    assert f"/desk/offers/decide/{proposal.pk}/" in page
    decide = f"/desk/offers/decide/{proposal.pk}/"
    assert "25% off everything in the shop" in text_of(officer.get(decide))
    officer.post(decide, {"do": "publish", "seen": str(Seen.of(proposal))})
    assert offer_for_till(shop).startswith("25% off")


def test_nothing_that_was_typed_is_lost(client: Client) -> None:
    shown = offer()
    link = shop_link(shown.offer.shop)
    form = f"{page_address(link)}{shown.offer.pk}/"
    # Changed at the desk meanwhile
    shown.state, shown.ended_at = "ended", timezone.now()
    shown.save()
    newer = offer(shop=shown.offer.shop, offer=shown.offer, percent=12)
    typed = typed_offer(seen=str(Seen.of(shown)), exclusions="my careful words")
    page = text_of(client.post(form, typed))
    assert "changed since you opened the page" in page
    assert "my careful words" in page
    # The form that comes back can be sent.
    again = typed | {"seen": str(Seen.of(newer))}
    assert f'value="{Seen.of(newer)}"' in page
    assert client.post(form, again).status_code == 302
    # Taken back meanwhile
    ShopLink.objects.update(revoked_at=timezone.now())
    response = client.post(form, typed | {"exclusions": NASTY})
    assert response.status_code == 404
    assert "&lt;b&gt;Ends &amp; Odds" in text_of(response)
    assert OfferVersion.objects.filter(state="proposed").count() == 1


def test_links_that_do_not_open_look_alike(client: Client) -> None:
    run_out = shop_link(lasts=timedelta(hours=-1))
    left = shop_link(ShopFactory(left_on=timezone.localdate()))
    pages = {
        # The link to text sizes comes back to where one was.
        text_of(client.get(f"/offers/shop/{token}/")).replace(token, "")
        for token in (link_token(run_out), link_token(left), "x" * 64, "xyzzy")
    }
    assert len(pages) == 1


def test_a_link_opens_only_its_own_shops_offers(client: Client) -> None:
    other = offer()
    address = f"{page_address(shop_link())}{other.offer.pk}/"
    assert client.get(address).status_code == 404
    assert client.post(address, typed_offer()).status_code == 404


def test_a_link_is_rate_limited(client: Client) -> None:
    address = f"{page_address(shop_link())}new/"
    client.get(address)
    statuses = [client.post(address, {}).status_code for _try in range(8)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"percent": ""}, "Enter how many per cent"),
        ({"percent": "101"}, "Enter a number from 1 to 100"),
        ({"percent": "ten"}, "Enter a whole number"),
        ({"kind": "amount"}, "Enter how much off"),
        ({"kind": "words", "wording": " "}, "Say what members get"),
        ({"kind": "owl"}, "Select a valid choice"),
        ({"days": []}, "Tick at least one day"),
        ({"days": ["8"]}, "Select a valid choice"),
        ({"wording": "x" * 201}, "Use 200 letters or fewer"),
        ({"until_on_day": 1, "until_on_month": 1, "until_on_year": 2001}, "must not be before"),
        ({"agreed_by": ""}, "Enter your name"),
        ({"wording": "a\x00b"}, "Null characters"),
    ],
)
def test_mistakes_are_said_plainly(client: Client, facts: dict[str, Any], words: str) -> None:
    page = text_of(client.post(f"{page_address(shop_link())}new/", typed_offer(**facts)))
    assert words in page
    assert not OfferVersion.objects.exists()


# --- The desk -----------------------------------------------------------------------------------------


def test_a_shop_cannot_write_lines_or_turn_them_round_at_the_till(client: Client) -> None:
    # A line break makes two offers of one at the till; a sign nobody sees turns what is read round.
    link = shop_link()
    wording = "all books\r\nFree for everybody\u2028and more \u202eslausac"
    client.post(
        f"{page_address(link)}new/",
        typed_offer(wording=wording, exclusions="tobacco\nVALID UNTIL", agreed_by="Rowan\nBcc: a"),
    )
    version = OfferVersion.objects.get()
    assert version.wording == "all books Free for everybody and more slausac"
    assert (version.exclusions, version.agreed_by) == ("tobacco VALID UNTIL", "Rowan Bcc: a")
    assert len(in_a_line(version, timezone.localdate()).splitlines()) == 1


def typed_shop(**facts: Any) -> dict[str, Any]:
    return {
        "name": NASTY,
        "category": "pets",
        "address_1": "1 Mill Lane",
        "town": "Riverside",
        "postcode": "ab34dj",
        "contact_name": "Rowan Contact",
        "contact_email": "rowan@example.org",
        "via": "paper",
        **typed_offer(),
    } | facts


def test_a_hub_lead_signs_up_a_shop(cast: Cast, client_as: Callable[..., Client]) -> None:
    point = OrganisationFactory(id=cast.organisation_id, is_access_point=True)
    lead = client_as(cast.hub_lead)
    typed = typed_shop(organisation=str(point.pk))
    addresses = {lead.post("/desk/offers/new/", typed)["Location"] for _twice in range(2)}
    shop = Shop.objects.get()
    assert addresses == {f"/desk/offers/{shop.pk}/"}
    assert (shop.organisation, shop.postcode, shop.signed_up_by) == (
        point,
        "AB3 4DJ",
        cast.hub_lead,
    )
    assert offer_for_till(shop) == "15% off everything in the shop. Every day."
    page = text_of(lead.get(f"/desk/offers/{shop.pk}/"))
    assert "&lt;b&gt;Ends &amp; Odds" in page
    assert shop.till_code in page


def test_a_hub_lead_signs_up_for_no_other_access_point(
    cast: Cast, client_as: Callable[..., Client]
) -> None:
    OrganisationFactory(id=cast.organisation_id, is_access_point=True)
    other = OrganisationFactory(is_access_point=True)
    lead = client_as(cast.hub_lead)
    assert lead.post("/desk/offers/new/", typed_shop(organisation=str(other.pk))).status_code == 200
    assert not Shop.objects.exists()


def test_two_officers_change_one_shop(officer: Client) -> None:
    shop = ShopFactory()
    address = f"/desk/offers/{shop.pk}/change/"
    typed = typed_shop(name="One", version="1")
    assert officer.post(address, typed).status_code == 302
    page = text_of(officer.post(address, typed | {"name": "Two typed"}))
    assert "Somebody else has changed this shop" in page
    assert 'value="Two typed"' in page
    assert officer.post(address, typed | {"name": "Two typed", "version": "2"}).status_code == 302
    shop.refresh_from_db()
    assert shop.name == "Two typed"


def test_a_refusal_needs_a_reason_and_reaches_the_shop(officer: Client, client: Client) -> None:
    proposal = offer(state="proposed")
    address = f"/desk/offers/decide/{proposal.pk}/"
    seen = str(Seen.of(proposal))
    assert "Say why" in text_of(officer.post(address, {"do": "turn-down", "seen": seen}))
    why = "Ten per cent of what?"
    assert officer.post(address, {"do": "turn-down", "seen": seen, "why": why}).status_code == 302
    assert why in text_of(client.get(page_address(shop_link(proposal.offer.shop))))
    # Whoever decides after that is told so.
    after = officer.post(address, {"do": "publish", "seen": seen}, follow=True)
    assert "decided about this already" in text_of(after)


def test_links_are_sent_printed_and_taken_back(officer: Client, client: Client) -> None:
    shop = ShopFactory()
    officer.post(f"/desk/offers/{shop.pk}/link/", {"do": "send"})
    assert Message.objects.count() == 1
    link = ShopLink.objects.live().get()
    assert client.get(page_address(link)).status_code == 200
    # Looking at a letter's address hands nothing out.
    assert officer.get(f"/desk/offers/{shop.pk}/letter.pdf").status_code == 302
    for size in (14, 18, 24):
        letter = officer.post(f"/desk/offers/{shop.pk}/letter.pdf", {"size": size})
        assert 1 <= pages_of(letter) <= 3
    officer.post(f"/desk/offers/{shop.pk}/link/", {"do": "revoke"})
    assert client.get(page_address(link)).status_code == 404
    assert not ShopLink.objects.live().exists()


def test_a_stranger_neither_sends_nor_revokes(cast: Cast, client_as: Callable[..., Client]) -> None:
    shop = ShopFactory(organisation=OrganisationFactory(id=cast.organisation_id))
    link = shop_link(shop)
    stranger = client_as(cast.stranger("hub_lead"))
    for do in ("send", "revoke"):
        assert stranger.post(f"/desk/offers/{shop.pk}/link/", {"do": do}).status_code == 404
    assert list(ShopLink.objects.live()) == [link]


def test_the_poster_is_one_sheet_however_much_stands_on_it(officer: Client) -> None:
    shop = ShopFactory(name="x" * 150)
    assert pages_of(officer.get(f"/desk/offers/{shop.pk}/poster.pdf")) == 1
    for _number in range(3):
        offer(shop=shop, wording="any second-hand book that costs more than five pounds " * 2,
              exclusions="orders, gift cards and whatever else can be left out of an offer")  # fmt: skip
    assert pages_of(officer.get(f"/desk/offers/{shop.pk}/poster.pdf")) == 1


@pytest.mark.parametrize("size", [14, 18, 24])
def test_the_paper_form_asks_what_the_screen_asks_in_its_order(officer: Client, size: int) -> None:
    asked = [box.name for _heading, boxes in parts() for box in boxes]
    on_screen = [name for name in SignUpForm.field_order if name in asked]
    assert asked == on_screen
    left_out = set(SignUpForm.base_fields) - set(asked)
    assert left_out == {"agreed_by", "agreed_on", "via", "organisation", "key"}
    assert pages_of(officer.get("/desk/offers/form.pdf", {"size": size})) >= 3


def test_an_offer_is_kept_as_a_draft_and_ended(officer: Client) -> None:
    shop = ShopFactory()
    typed = typed_offer(seen="0.0")
    officer.post(f"/desk/offers/{shop.pk}/offers/new/", typed | {"do": "draft"})
    draft = OfferVersion.objects.get()
    assert draft.state == "draft"
    change = f"/desk/offers/{shop.pk}/offers/{draft.offer_id}/"
    key = "6f0b2f0e-1111-4222-8333-444455556677"
    officer.post(change, typed | {"do": "publish", "seen": str(Seen.of(draft)), "key": key})
    assert offer_for_till(shop) != ""
    assert "Say why" in text_of(officer.post(f"{change}end/", {"why": " "}))
    officer.post(f"{change}end/", {"why": "Enough"})
    assert offer_for_till(shop) == ""
    page = text_of(officer.get(f"/desk/offers/{shop.pk}/"))
    assert "Offer it again" in page


def test_a_shop_leaves(officer: Client) -> None:
    shop = offer().offer.shop
    officer.post(f"/desk/offers/{shop.pk}/leave/", {"why": "It closes"})
    assert "Left on" in text_of(officer.get(f"/desk/offers/{shop.pk}/"))
    assert shop.name not in text_of(officer.get("/desk/offers/"))
    assert shop.name in text_of(officer.get("/desk/offers/?left=1"))


def test_more_shops_the_same_queries(officer: Client) -> None:
    def grown() -> None:
        for _number in range(5):
            shop = ShopFactory()
            offer(shop=shop)
            offer(shop=shop, state="proposed")

    grown()
    officer.get("/desk/offers/")
    with CaptureQueriesContext(connection) as few:
        officer.get("/desk/offers/")
    grown()
    grown()
    with CaptureQueriesContext(connection) as many:
        assert "15 shops" in text_of(officer.get("/desk/offers/"))
    assert len(many) == len(few)


def test_more_versions_the_same_queries(officer: Client, client: Client) -> None:
    shop = ShopFactory()
    link = page_address(shop_link(shop))
    for address, by in ((f"/desk/offers/{shop.pk}/", officer), (link, client)):
        offer(shop=shop, state="ended")
        by.get(address)
        with CaptureQueriesContext(connection) as few:
            by.get(address)
        row = offer(shop=shop).offer
        for _number in range(5):
            offer(shop=shop, offer=row, state="ended")
            offer(shop=shop, state="turned-down")
        with CaptureQueriesContext(connection) as many:
            by.get(address)
        assert len(many) == len(few)


def test_counts_are_deleted_after_their_time(cast: Cast) -> None:
    from dcsn.privacy import retention

    shop, today = ShopFactory(), timezone.localdate()
    TillCount.objects.create(shop=shop, day=today - timedelta(days=800), n=9)
    kept = TillCount.objects.create(shop=shop, day=today - timedelta(days=700), n=9)
    retention.run_retention()
    assert list(TillCount.objects.all()) == [kept]
