"""Objects to open the addresses of members with."""

from __future__ import annotations

import uuid
from typing import Any

from dcsn.messages.models import Message
from members.cards.tags import tag_of
from members.models import Card, CardSheet, MembershipShare, Payment
from members.offers.links import link_token as shop_link_token
from tests.access.samples.registry import own_organisation, sample
from tests.conftest import Cast
from tests.factories.agreement import SharingAgreementFactory
from tests.factories.card import card
from tests.factories.complaint import ComplaintFactory
from tests.factories.concession import asked, refused
from tests.factories.copy_request import gathered_copy, released_copy
from tests.factories.hold import LegalHoldFactory
from tests.factories.letter import letter
from tests.factories.membership import PlanFactory, membership
from tests.factories.message import MessageFactory
from tests.factories.paper import PaperRequestFactory
from tests.factories.pathways import PathwayFactory
from tests.factories.pathways import PlanFactory as CarePlanFactory
from tests.factories.payment import begun, counted, paid_at_desk
from tests.factories.person import PersonFactory, access_point
from tests.factories.relations import (
    EmergencyContactFactory,
    OtherNameFactory,
    RelationshipFactory,
)
from tests.factories.safety_flag import SafetyFlagFactory
from tests.factories.shop import ShopFactory, offer, shop_link


def own_card(cast: Cast) -> Card:
    return card(person=PersonFactory(organisation=own_organisation(cast)))


def _paid(cast: Cast) -> Payment:
    return paid_at_desk(by=cast.access_point_staff, organisation=access_point(cast.organisation_id))


@sample("released copy")
def _(cast: Cast) -> dict[str, Any]:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    return {"copy_id": released_copy(person, by=cast.data_protection_lead).pk}


@sample("released copy with a file")
def _(cast: Cast) -> dict[str, Any]:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    CarePlanFactory(pathway=PathwayFactory(person=person))
    return {"copy_id": released_copy(person, by=cast.data_protection_lead).pk, "key": "fhir"}


@sample("copy to review")
def _(cast: Cast) -> dict[str, Any]:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    return {"copy_id": gathered_copy(person, by=cast.data_protection_lead).pk, "position": 1}


@sample("complaint")
def _(cast: Cast) -> dict[str, Any]:
    desk = access_point(cast.organisation_id)
    return {"complaint_id": ComplaintFactory(organisation=desk).pk}


@sample("complaint letter")
def _(cast: Cast) -> dict[str, Any]:
    complaint = ComplaintFactory(organisation=access_point(cast.organisation_id))
    key = f"complaint-acknowledged:{complaint.pk}"
    message = MessageFactory(letter=True, key=key, organisation_id=cast.organisation_id)
    return {"complaint_id": complaint.pk, "message_id": message.pk}


@sample("card code")
def _(cast: Cast) -> dict[str, Any]:
    number = card().number
    return {"code": f"{number}.{tag_of(number)}"}


@sample("card")
def _(cast: Cast) -> dict[str, Any]:
    return {"card_id": own_card(cast).pk}


@sample("card sheet")
def _(cast: Cast) -> dict[str, Any]:
    row = card(
        person=PersonFactory(organisation=own_organisation(cast)), state=Card.State.REQUESTED
    )
    sheet = CardSheet.objects.create(organisation=row.organisation)
    Card.objects.filter(pk=row.pk).update(sheet=sheet)
    return {"sheet_id": sheet.pk}


@sample("membership with a card")
def _(cast: Cast) -> dict[str, Any]:
    return {"membership_id": own_card(cast).membership_id}


@sample("member without a card")
def _(cast: Cast) -> dict[str, Any]:
    row = own_card(cast)
    return {"membership_id": row.membership_id, "person_id": row.person_id}


@sample("till code")
def _(cast: Cast) -> dict[str, Any]:
    return {"code": ShopFactory().till_code}


@sample("paper request")
def _(cast: Cast) -> dict[str, Any]:
    request = PaperRequestFactory(organisation=access_point(cast.organisation_id))
    return {"request_id": request.pk}


@sample("person")
def _(cast: Cast) -> dict[str, Any]:
    return {"person_id": PersonFactory(organisation=access_point(cast.organisation_id)).pk}


@sample("payment online")
def _(cast: Cast) -> dict[str, Any]:
    return {"payment_id": begun(organisation=access_point(cast.organisation_id)).pk}


@sample("payment")
def _(cast: Cast) -> dict[str, Any]:
    return {"payment_id": _paid(cast).pk}


@sample("banking")
def _(cast: Cast) -> dict[str, Any]:
    return {"banking_id": counted(_paid(cast), by=cast.access_point_staff).pk}


@sample("membership with tokens")
def _(cast: Cast) -> dict[str, Any]:
    return {"membership_id": _paid(cast).membership_id}


@sample("pretended payment")
def _(cast: Cast) -> dict[str, Any]:
    return {"provider_id": begun(organisation=access_point(cast.organisation_id)).provider_id}


@sample("membership")
def _(cast: Cast) -> dict[str, Any]:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    return {"membership_id": membership(person=person).pk}


@sample("code to share")
def _(cast: Cast) -> dict[str, Any]:
    return {"code_id": uuid.uuid4()}


@sample("shared membership")
def _(cast: Cast) -> dict[str, Any]:
    hub = access_point(cast.organisation_id)
    row = membership(person=PersonFactory(organisation=hub))
    share = MembershipShare.objects.create(membership=row, person=PersonFactory(organisation=hub))
    return {"membership_id": row.pk, "share_id": share.pk}


@sample("agreement")
def _(cast: Cast) -> dict[str, Any]:
    return {"agreement_id": SharingAgreementFactory().pk}


@sample("hold")
def _(cast: Cast) -> dict[str, Any]:
    person = PersonFactory(organisation=access_point(cast.organisation_id))
    return {"hold_id": LegalHoldFactory(subject=person.pk).pk}


@sample("other name")
def _(cast: Cast) -> dict[str, Any]:
    name = OtherNameFactory(person__organisation=access_point(cast.organisation_id))
    return {"person_id": name.person_id, "name_id": name.pk}


@sample("tie")
def _(cast: Cast) -> dict[str, Any]:
    tie = RelationshipFactory(person__organisation=access_point(cast.organisation_id))
    return {"person_id": tie.person_id, "tie_id": tie.pk}


@sample("emergency contact")
def _(cast: Cast) -> dict[str, Any]:
    contact = EmergencyContactFactory(person__organisation=access_point(cast.organisation_id))
    return {"person_id": contact.person_id, "contact_id": contact.pk}


@sample("safety flag")
def _(cast: Cast) -> dict[str, Any]:
    flag = SafetyFlagFactory(person__organisation=access_point(cast.organisation_id))
    return {"person_id": flag.person_id, "flag_id": flag.pk}


@sample("two people")
def _(cast: Cast) -> dict[str, Any]:
    one, other = PersonFactory.create_batch(2, organisation=access_point(cast.organisation_id))
    return {"one_id": one.pk, "other_id": other.pk}


@sample("offer")
def _(cast: Cast) -> dict[str, Any]:
    row = offer().offer
    return {"slug": row.shop.slug, "short_id": row.short_id}


@sample("shop link")
def _(cast: Cast) -> dict[str, Any]:
    return {"token": shop_link_token(shop_link())}


@sample("shop link and offer")
def _(cast: Cast) -> dict[str, Any]:
    row = offer().offer
    return {"token": shop_link_token(shop_link(row.shop)), "offer_id": row.pk}


@sample("shop")
def _(cast: Cast) -> dict[str, Any]:
    return {"shop_id": ShopFactory(organisation=own_organisation(cast)).pk}


@sample("offer of a shop")
def _(cast: Cast) -> dict[str, Any]:
    row = offer(shop=ShopFactory(organisation=own_organisation(cast))).offer
    return {"shop_id": row.shop_id, "offer_id": row.pk}


@sample("proposal")
def _(cast: Cast) -> dict[str, Any]:
    shop = ShopFactory(organisation=own_organisation(cast))
    return {"version_id": offer(shop=shop, state="proposed").pk}


@sample("letter run")
def _(cast: Cast) -> dict[str, Any]:
    return {"run_id": letter(person=PersonFactory(organisation=own_organisation(cast))).run_id}


@sample("letter to a member")
def _(cast: Cast) -> dict[str, Any]:
    row = letter(person=PersonFactory(organisation=own_organisation(cast)))
    return {"run_id": row.run_id, "letter_id": row.id}


@sample("waiting membership")
def _(cast: Cast) -> dict[str, Any]:
    person = PersonFactory(organisation=own_organisation(cast))
    return {"membership_id": membership(person=person, source=None).pk}


@sample("concession")
def _(cast: Cast) -> dict[str, Any]:
    person = PersonFactory(organisation=own_organisation(cast))
    return {"concession_id": asked(person=person).pk}


@sample("concession letter")
def _(cast: Cast) -> dict[str, Any]:
    person = PersonFactory(
        organisation=own_organisation(cast),
        contact_by="post",
        address_1="1 Example Terrace",
        postcode="DL3 7XX",
    )
    row = refused(person=person, by=cast.hub_lead)
    return {
        "concession_id": row.pk,
        "message_id": Message.objects.get(key__startswith=f"safety-net:{row.id}:").pk,
    }


@sample("plan")
def _(cast: Cast) -> dict[str, Any]:
    return {"code": PlanFactory().code}


@sample("plan terms")
def _(cast: Cast) -> dict[str, Any]:
    plan = PlanFactory()
    return {"code": plan.code, "terms_id": plan.terms.get().id}
