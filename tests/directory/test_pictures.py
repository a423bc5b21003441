"""What may be uploaded as a picture, and what is left of it."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from directory.pictures import LARGEST_UPLOAD, LONGEST_SIDE, NotAPicture, clean_picture


def picture_file(size=(400, 300), kind="PNG", mode="RGB", **options) -> io.BytesIO:
    buffer = io.BytesIO()
    Image.new(mode, size, options.pop("colour", "teal")).save(buffer, kind, **options)
    buffer.seek(0)
    return buffer


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_becomes_a_jpeg(kind):
    clean = clean_picture(picture_file(kind=kind))

    with Image.open(io.BytesIO(clean.content)) as picture:
        assert picture.format == "JPEG"
        assert picture.size == (clean.width, clean.height) == (400, 300)


def test_is_made_smaller_and_keeps_its_shape():
    clean = clean_picture(picture_file(size=(4000, 1000)))

    assert (clean.width, clean.height) == (LONGEST_SIDE, LONGEST_SIDE // 4)


def test_stands_upright_and_forgets_where_it_was_taken():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "A camera maker"
    exif.get_ifd(0x8825)[2] = (54.0, 31.0, 0.0)  # latitude

    clean = clean_picture(picture_file(size=(400, 300), kind="JPEG", exif=exif.tobytes()))

    assert (clean.width, clean.height) == (300, 400)
    with Image.open(io.BytesIO(clean.content)) as picture:
        assert dict(picture.getexif()) == {}
    assert b"camera maker" not in clean.content


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_a_comment_in_the_file_is_gone(mode):
    comment = PngImagePlugin.PngInfo()
    comment.add_text("comment", "taken at 7 Hidden Lane")
    files = [
        picture_file(kind="PNG", mode=mode, colour=1 if mode == "P" else "teal", pnginfo=comment)
    ]
    if mode == "RGB":
        files.append(picture_file(kind="JPEG", comment=b"taken at 7 Hidden Lane"))
    for file in files:
        assert b"Hidden Lane" in file.getvalue()
        assert b"Hidden Lane" not in clean_picture(file).content


def test_transparency_is_laid_on_white():
    clean = clean_picture(picture_file(mode="RGBA", colour=(0, 0, 0, 0)))

    with Image.open(io.BytesIO(clean.content)) as picture:
        assert picture.getpixel((5, 5)) == (255, 255, 255)


def test_what_is_hidden_behind_the_pixels_is_gone():
    upload = picture_file(kind="JPEG")
    upload.seek(0, io.SEEK_END)
    upload.write(b"<script>alert(1)</script>PK\x03\x04")
    upload.seek(0)

    assert b"script" not in clean_picture(upload).content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "JPEG, PNG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "JPEG, PNG or WebP"),
        (b"%PDF-1.7 hello", "JPEG, PNG or WebP"),
        (picture_file(kind="GIF").getvalue(), "JPEG, PNG or WebP"),
        (picture_file(kind="JPEG").getvalue()[:300], "damaged"),
        (b"x" * (LARGEST_UPLOAD + 1), "smaller than 8 MB"),
    ],
    ids=["empty", "svg", "pdf", "gif", "broken off", "too large"],
)
def test_what_is_refused(content, words):
    with pytest.raises(NotAPicture, match=words):
        clean_picture(io.BytesIO(content))


def test_a_bomb_is_refused_before_it_is_unpacked():
    """A PNG of a few bytes that claims to be 30,000 by 30,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IEND", b"")

    with pytest.raises(NotAPicture, match="too many pixels"):
        clean_picture(io.BytesIO(bomb))
