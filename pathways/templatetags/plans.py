"""Addresses of a plan's pages, by the door through which the reader came."""

from __future__ import annotations

from typing import Any

from django import template

from pathways.plans.sight import Sight
from pathways.plans.ways import address

register = template.Library()


@register.simple_tag
def plan_url(sight: Sight, name: str = "", **arguments: Any) -> str:
    """``{% plan_url sight "part" part="matters" %}``"""
    return address(sight, name, **arguments)
