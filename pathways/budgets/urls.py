"""Addresses of indicative budgets, of budgets and their money."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from pathways.budgets.views import allocation, authorise, budget, estimate, export, mine, monthly

_ONE = "desk/budgets/<uuid:budget_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("budget-estimate/", estimate.estimate, name="estimate"),
    path("budget-estimate/sheet.pdf", estimate.sheet, name="estimate_sheet"),
    path("budget-estimate/how/", estimate.how, name="estimate_how"),
    path("my/budget/", mine.mine, name="my_budget"),
    path("my/budget/<uuid:budget_id>/sheet.pdf", mine.sheet, name="my_budget_sheet"),
    path("desk/allocation/", allocation.versions, name="allocation"),
    path("desk/allocation/new/", allocation.new, name="allocation_new"),
    path("desk/allocation/<int:number>/", allocation.version, name="allocation_version"),
    path("desk/pathways/<uuid:pathway_id>/needs/", budget.needs, name="needs"),
    path("desk/budgets/", authorise.waiting, name="budgets_to_authorise"),
    path("desk/budgets/export/", export.page, name="budget_export"),
    path("desk/budgets/export.csv", export.csv_file, name="budget_export_csv"),
    path("desk/budgets/export.json", export.json_file, name="budget_export_json"),
    path("desk/budgets/months/", monthly.page, name="budget_figures"),
    path("desk/budgets/months.csv", monthly.csv_file, name="budget_figures_csv"),
    path("desk/budgets/months.json", monthly.json_file, name="budget_figures_json"),
    path(_ONE, budget.budget, name="budget"),
    path(f"{_ONE}propose/", budget.propose, name="budget_propose"),
    path(f"{_ONE}agree/", budget.agree, name="budget_agree"),
    path(f"{_ONE}authorise/", authorise.authorise, name="budget_authorise"),
    path(f"{_ONE}money/", budget.money, name="budget_money"),
    path(f"{_ONE}entries/<uuid:entry_id>/", budget.reverse_entry, name="budget_reverse"),
    path(f"{_ONE}revise/", budget.revise, name="budget_revise"),
    path(f"{_ONE}close/", budget.close, name="budget_close"),
    path(f"{_ONE}sheet.pdf", budget.sheet, name="budget_sheet"),
]
