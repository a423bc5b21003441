"""Pages of pathways: the caseload, and one pathway. The parts have their own (``plans``, ``reviews``, …)."""
