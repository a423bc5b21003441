"""Who may open which page: the whole portal in one table.

Every address of the portal is a row. ``test_matrix.py`` opens each one as every role, as somebody not
signed in (``resident``), as somebody without a role, as staff whose second factor is not set up, and as
the same role at another organisation. A new address without a row makes the test run fail.

How to add rows (in ``rows/`` of your app, in the same commit as the address):

    "directory:results": EVERYBODY,
    "directory:reports": only("directory_editor"),
    "directory:results": everybody(query="q=bath&near=DL3+7XX"),
    "directory:suggest": everybody(query="q=ba"),
    "directory:service": everybody(sample="service"),
    "directory:change_service": only("directory_editor", "provider_editor", sample="service",
                                     belongs_to_organisation=True),

* ``EVERYBODY``: no sign-in needed. ``SIGNED_IN``: anybody with an account.
  ``only(role, …)``: those roles; all others get 403 (not allowed), strangers to it 404 where the row's object
  belongs to an organisation.
* ``sample="…"``: an address with arguments needs an object to open. Write a function in ``samples/`` of
  your app that makes one for the cast and returns the address's arguments:

      @sample("service")
      def _(cast):
          service = ServiceFactory(organisation=own_organisation(cast))
          return {"slug": service.slug, "short_id": service.short_id}

* ``belongs_to_organisation=True``: the sample is ``cast.organisation_id``'s; the same role at another
  organisation must get 404.
* ``query="q=bath"``: what follows the question mark. Pages are opened with GET; one that only takes POST
  answers 405 to whoever may use it, which counts as open.
"""

from __future__ import annotations

from tests.access.rows import directory, members, pathways, portal, referrals, volunteers
from tests.access.rows.row import Row

MATRIX: dict[str, Row] = {
    **portal.ROWS,
    **directory.ROWS,
    **members.ROWS,
    **referrals.ROWS,
    **volunteers.ROWS,
    **pathways.ROWS,
}

__all__ = ["MATRIX", "Row"]
