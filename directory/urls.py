"""The directory's addresses."""

from __future__ import annotations

from django.urls import path

from directory import converters as converters  # <short:short_id>
from directory import sitemap
from directory.views import (
    corrections,
    home,
    my_list,
    pictures,
    printing,
    results,
    services,
    topics,
)

app_name = "directory"

urlpatterns = [
    path("", home.home, name="home"),
    path("topics/", topics.topics, name="topics"),
    path("topics/<slug:slug>/", topics.topic, name="topic"),
    path("services/", results.results, name="results"),
    path("services/suggest/", results.suggest, name="suggest"),
    path("services/a-to-z/", topics.a_to_z, name="a_to_z"),
    path("services/<slug:slug>-<short:short_id>/", services.service, name="service"),
    path("services/<slug:slug>-<short:short_id>/sheet.pdf", printing.sheet, name="sheet"),
    path("organisations/<slug:slug>-<short:short_id>/", services.organisation, name="organisation"),
    path("my-list/", my_list.my_list, name="my_list"),
    path("my-list/sheet.pdf", printing.my_list_sheet, name="my_list_sheet"),
    path("my-list/print/", printing.my_list_print, name="my_list_print"),
    path("print/", printing.print_options, name="print"),
    path("print/document.pdf", printing.print_document, name="print_document"),
    path("print/start/", printing.start, name="start_print"),
    path("my-list/add/", my_list.add, name="add_to_list"),
    path("my-list/remove/", my_list.remove, name="remove_from_list"),
    path("my-list/clear/", my_list.clear, name="clear_list"),
    path("my-list/share/", my_list.share, name="share_list"),
    path("list/<slug:code>/", my_list.shared_list, name="shared_list"),
    path("list/<slug:code>/take/", my_list.take, name="take_list"),
    path("report/missing/", corrections.missing, name="report_missing"),
    path("report/<short:short_id>/", corrections.report, name="report"),
    path("report/answer/", corrections.report_answer, name="report_code"),
    path("report/answer/<slug:code>/", corrections.report_answer, name="report_answer"),
    path("desk/corrections/", corrections.queue, name="corrections"),
    path("desk/corrections/<uuid:correction_id>/", corrections.answer, name="correction"),
    path("sitemap.xml", sitemap.sitemap_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap.sitemap_section, name="sitemap_section"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("pictures/<uuid:picture_id>.jpg", pictures.picture, name="picture"),
]
