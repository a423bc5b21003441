from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dcsn.access import signed_in
from dcsn.access.decision import current_assignments


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """One's own account: what the roles are, and what can be done here."""
    return render(request, "accounts/home.html", {"assignments": current_assignments(request.user)})
