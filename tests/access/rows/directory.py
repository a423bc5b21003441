"""Who may open the addresses of directory."""

from __future__ import annotations

from tests.access.rows.row import EVERYBODY, Row, everybody, only

ROWS: dict[str, Row] = {
    # --- Directory: finding help (directory) ---
    "directory:home": EVERYBODY,
    "directory:topics": EVERYBODY,
    "directory:topic": everybody(sample="topic"),
    "directory:a_to_z": EVERYBODY,
    "directory:results": everybody(query="q=bath&near=DL3+7XX"),
    "directory:suggest": everybody(query="q=ba"),
    "directory:service": everybody(sample="service"),
    "directory:organisation": everybody(sample="organisation"),
    "directory:picture": everybody(sample="picture"),
    # --- My list, reports, topics (directory) ---
    "directory:my_list": EVERYBODY,
    "directory:add_to_list": EVERYBODY,
    "directory:remove_from_list": EVERYBODY,
    "directory:clear_list": EVERYBODY,
    "directory:share_list": EVERYBODY,
    "directory:shared_list": everybody(sample="shared list"),
    "directory:take_list": everybody(sample="shared list"),
    "directory:report": everybody(sample="service to report"),
    "directory:report_missing": EVERYBODY,
    "directory:report_code": EVERYBODY,
    "directory:report_answer": everybody(sample="report"),
    "directory:corrections": only("directory_editor"),
    "directory:correction": only("directory_editor", sample="report at the desk"),
    # --- Printing (dcsn.printing) ---
    "directory:sheet": everybody(sample="service"),
    "directory:my_list_sheet": EVERYBODY,
    "directory:my_list_print": EVERYBODY,
    "directory:print": EVERYBODY,
    "directory:print_document": EVERYBODY,
    "directory:start_print": EVERYBODY,
    "directory:sitemap": EVERYBODY,
    "directory:sitemap_section": everybody(sample="sitemap"),
    "directory:robots": EVERYBODY,
}
