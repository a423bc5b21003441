"""The addresses of cards: the till for everybody, printing and replacing for the desk."""

from __future__ import annotations

from django.urls import path

from members.cards.views import desk, shop_sheet, telephone, till

urlpatterns = [
    path("c/<str:code>", till.scanned, name="card_scanned"),
    path("till/", till.till, name="till"),
    path("till/sheet.pdf", shop_sheet.sheet, name="till_sheet"),
    path("till/<str:code>/", till.till, name="till_of_shop"),
    path("desk/cards/", desk.queue, name="card_queue"),
    path("desk/cards/check/", telephone.check, name="card_check"),
    path("desk/cards/sheets/", desk.make, name="card_sheet_make"),
    path("desk/cards/sheets/<uuid:sheet_id>/", desk.sheet, name="card_sheet"),
    path("desk/cards/sheets/<uuid:sheet_id>/sheet.pdf", desk.sheet_paper, name="card_sheet_pdf"),
    path("desk/cards/<uuid:card_id>/", desk.one, name="card"),
    path("desk/cards/<uuid:card_id>/card.pdf", desk.card_paper, name="card_pdf"),
    path("desk/cards/<uuid:card_id>/move/", desk.move, name="card_move"),
    path("desk/members/<uuid:membership_id>/cards/", desk.of_membership, name="membership_cards"),
    path("desk/members/<uuid:membership_id>/cards/<uuid:person_id>/", desk.ask, name="card_ask"),
]
