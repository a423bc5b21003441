"""The addresses of shops and offers; part of ``members``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from directory import converters as converters  # <short:short_id>
from members.offers.views import by_link, desk, desk_offers, public

urlpatterns: list[URLPattern | URLResolver] = [
    # --- Everybody ---
    path("offers/", public.offers, name="offers"),
    path("offers/leaflet/", public.leaflet_options, name="leaflet"),
    path("offers/leaflet.pdf", public.leaflet_pdf, name="leaflet_pdf"),
    # --- A shop, with its link ---
    path("offers/shop/<str:token>/", by_link.page, name="shop_page"),
    path("offers/shop/<str:token>/new/", by_link.edit, name="shop_offer_new"),
    path("offers/shop/<str:token>/poster.pdf", by_link.poster, name="shop_poster"),
    path("offers/shop/<str:token>/<uuid:offer_id>/", by_link.edit, name="shop_offer"),
    path("offers/<slug:slug>-<short:short_id>/", public.offer, name="offer"),
    # --- The desk ---
    path("desk/offers/", desk.shops, name="shops"),
    path("desk/offers/new/", desk.new, name="shop_new"),
    path("desk/offers/form.pdf", desk.paper, name="shop_form"),
    path("desk/offers/decide/<uuid:version_id>/", desk_offers.decide, name="offer_decide"),
    path("desk/offers/<uuid:shop_id>/", desk.shop, name="shop"),
    path("desk/offers/<uuid:shop_id>/change/", desk.change, name="shop_change"),
    path("desk/offers/<uuid:shop_id>/leave/", desk.leave, name="shop_leave"),
    path("desk/offers/<uuid:shop_id>/link/", desk.link, name="shop_link"),
    path("desk/offers/<uuid:shop_id>/letter.pdf", desk.letter, name="shop_letter"),
    path("desk/offers/<uuid:shop_id>/poster.pdf", desk.poster, name="shop_window_poster"),
    path("desk/offers/<uuid:shop_id>/offers/new/", desk_offers.edit, name="offer_new"),
    path(
        "desk/offers/<uuid:shop_id>/offers/<uuid:offer_id>/", desk_offers.edit, name="offer_change"
    ),
    path(
        "desk/offers/<uuid:shop_id>/offers/<uuid:offer_id>/end/", desk_offers.end, name="offer_end"
    ),
]
