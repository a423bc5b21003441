"""System checks for settings that are each well formed but wrong together."""

from __future__ import annotations
