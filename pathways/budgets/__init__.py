"""Money for support: what somebody's needs point to (``allocation``), and what is agreed and spent."""
