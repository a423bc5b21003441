"""Turn whatever somebody uploads into a small, clean JPEG, or say plainly why not.

Nothing of the original file is kept: the pixels are decoded and written anew, so that a file which
is both a picture and something else (a page, a script, an archive) is only a picture afterwards, and
the camera's place and time (EXIF) are gone.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_UPLOAD = 8_000_000  # bytes; a telephone's photograph is 3 to 6 MB
LARGEST_PIXELS = 50_000_000  # a 50-megapixel photograph; above it, a decompression bomb
LONGEST_SIDE = 1200  # pixels, twice what the page shows
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")


class NotAPicture(ValueError):
    """The upload cannot be used; the message says why, in words for the person who sent it."""


@dataclass(frozen=True)
class CleanPicture:
    """JPEG bytes and the size in pixels."""

    content: bytes
    width: int
    height: int


def clean_picture(upload: BinaryIO) -> CleanPicture:
    """Decode ``upload`` and write it anew as JPEG, upright, at most 1,200 pixels a side.

    Raises :class:`NotAPicture` for a file that is too large, is not a JPEG, PNG or WebP picture, is
    damaged, or holds more pixels than a camera makes.
    """
    content = upload.read(LARGEST_UPLOAD + 1)
    if len(content) > LARGEST_UPLOAD:
        raise NotAPicture(_("The picture must be smaller than 8 MB."))
    try:
        with warnings.catch_warnings():
            # Pillow warns at half of its limit and raises at the whole; both are too much here.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > LARGEST_PIXELS:
                    raise NotAPicture(_("The picture has too many pixels. Make it smaller first."))
                upright = ImageOps.exif_transpose(picture)
                return _encode(upright)
    except NotAPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPicture(_("The picture has too many pixels. Make it smaller first.")) from error
    except UnidentifiedImageError as error:
        raise NotAPicture(_("The file must be a JPEG, PNG or WebP picture.")) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        # Pillow raises any of these for a file that breaks off or lies about itself.
        raise NotAPicture(_("The picture is damaged. Try another copy of it.")) from error


def _encode(picture: Image.Image) -> CleanPicture:
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if picture.mode in ("RGBA", "LA", "P"):
        # JPEG has no transparency: lay it on white, as the page would.
        layered = picture.convert("RGBA")
        flat = Image.new("RGB", layered.size, "white")
        flat.paste(layered, mask=layered.getchannel("A"))
    else:
        flat = picture.convert("RGB")
    # Or Pillow writes a comment of the original into the copy, and that may say where it was taken.
    flat.info.clear()
    buffer = io.BytesIO()
    flat.save(buffer, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return CleanPicture(buffer.getvalue(), flat.width, flat.height)
