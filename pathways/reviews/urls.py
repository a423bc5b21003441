"""Addresses of reviews; ``pathways.urls`` takes them in."""

from __future__ import annotations

from django.urls import path

from pathways.reviews.mine import ask_for_mine, i_have_seen_it, my_reviews
from pathways.reviews.views import book_day, decision_sheet, paper_form, review, reviews, write

urlpatterns = [
    path("desk/pathways/<uuid:pathway_id>/reviews/", reviews, name="reviews"),
    path("desk/reviews/<uuid:review_id>/", review, name="review"),
    path("desk/reviews/<uuid:review_id>/book/", book_day, name="review_book"),
    path("desk/reviews/<uuid:review_id>/write/", write, name="review_write"),
    path("desk/reviews/<uuid:review_id>/form.pdf", paper_form, name="review_form"),
    path("desk/reviews/<uuid:review_id>/decision.pdf", decision_sheet, name="review_decision"),
    path("my/reviews/", my_reviews, name="my_reviews"),
    path("my/reviews/ask/<uuid:plan_id>/", ask_for_mine, name="my_review_ask"),
    path("my/reviews/<uuid:review_id>/seen/", i_have_seen_it, name="my_review_seen"),
]
