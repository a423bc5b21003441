"""Between reading and writing: what cannot be kept is repaired or refused, and said.

Every text field is hostile until it has been through here. Text stays Markdown; what renders it
(:mod:`directory.markdown`) is the second wall.
"""

from directory.imports.cleaning.cleaner import clean
from directory.imports.cleaning.confidential import empty_confidential
from directory.imports.cleaning.texts import MODELS, shorten

__all__ = ["MODELS", "clean", "empty_confidential", "shorten"]
