"""The archive: a tar stream, encrypted by age as it is written, so that nothing readable is on the way.

Inside: ``manifest.json`` first; ``database.dump/00001…`` (``pg_dump --format=custom`` in pieces, since a
tar entry must know its size beforehand: ``cat database.dump/* | pg_restore``); ``files/…``;
``erasures.jsonl``; and ``end.json`` last, without which the archive is not whole.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyrage

FORMAT = 1
PIECE = 8 * 1024 * 1024


class ArchiveError(Exception):
    """The archive cannot be read, is not whole, or was written by a newer portal."""


@dataclass
class Contents:
    """What went in; written last, and compared before anything is restored."""

    pieces: int = 0
    files: int = 0
    bytes: int = 0


class ArchiveWriter:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.contents = Contents()

    def _add(self, name: str, data: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(data), 0o600
        self._tar.addfile(entry, io.BytesIO(data))
        self.contents.bytes += len(data)

    def manifest(self, facts: dict[str, Any]) -> None:
        self._add("manifest.json", json.dumps({"format": FORMAT} | facts, indent=1).encode())

    def database(self, dump: IO[bytes]) -> None:
        while piece := dump.read(PIECE):
            self.contents.pieces += 1
            self._add(f"database.dump/{self.contents.pieces:05}", piece)

    def files(self, folder: Path) -> None:
        """Everything below ``folder``; a link is left out, since it may lead anywhere."""
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or path.is_symlink():
                continue
            entry = tarfile.TarInfo(f"files/{path.relative_to(folder).as_posix()}")
            try:
                with path.open("rb") as file:
                    found = os.fstat(file.fileno())
                    entry.size, entry.mtime, entry.mode = found.st_size, int(found.st_mtime), 0o600
                    self._tar.addfile(entry, file)
            except FileNotFoundError:
                continue  # removed by somebody since the folder was listed
            self.contents.files += 1
            self.contents.bytes += entry.size

    def erasures(self, log: Path) -> None:
        if log.exists():
            self._add("erasures.jsonl", log.read_bytes())

    def end(self) -> None:
        self._add("end.json", json.dumps(asdict(self.contents)).encode())


class _Beside:
    """Runs one half of the pipe in a thread and hands its error over to the other."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.error: BaseException | None = None
        self._work = work
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # raised again by `join`
            self.error = error

    def join(self) -> None:
        self._thread.join()
        if self.error is not None:
            raise self.error


@contextmanager
def writing(path: Path, recipients: list[Any]) -> Iterator[ArchiveWriter]:
    """Write to ``path``, which appears only when it is whole (mode 0600)."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as target:
            read_end, write_end = os.pipe()
            source = os.fdopen(read_end, "rb")

            def encrypt() -> None:
                with source:
                    pyrage.encrypt_io(source, target, recipients)

            encrypting = _Beside(encrypt)
            try:
                with (
                    os.fdopen(write_end, "wb") as sink,
                    tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT) as tar,
                ):
                    yield ArchiveWriter(tar)
            except BrokenPipeError:
                encrypting.join()  # its error is the cause
                raise
            encrypting.join()
            target.flush()
            os.fsync(target.fileno())
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _extract(tar: tarfile.TarFile, folder: Path) -> None:
    """Write the archive's folders and plain files below ``folder``, and nothing else anywhere.

    By hand, because Debian 12's Python 3.11.2 has no ``extractall(filter="data")`` yet.
    """
    for member in tar:
        name = PurePosixPath(member.name)
        if name.is_absolute() or ".." in name.parts or not (member.isreg() or member.isdir()):
            raise tarfile.ExtractError(f"{member.name} does not belong into a backup")
        target = folder.joinpath(*name.parts)
        if member.isdir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        content = tar.extractfile(member)
        if content is None:
            raise tarfile.ExtractError(f"{member.name} has no content")
        with content, target.open("xb") as file:
            shutil.copyfileobj(content, file)


def unpack(path: Path, identities: list[Any], folder: Path) -> tuple[dict[str, Any], Contents]:
    """Decrypt and unpack into the empty ``folder``; checks that it is whole. Returns manifest and contents.

    Nothing outside ``folder`` is touched whatever the archive's names say. Raises ``ArchiveError``.
    """
    read_end, write_end = os.pipe()
    sink = os.fdopen(write_end, "wb")

    def decrypt() -> None:
        with sink, path.open("rb") as source:
            pyrage.decrypt_io(source, sink, identities)

    decrypting = _Beside(decrypt)
    try:
        with (
            os.fdopen(read_end, "rb") as source,
            tarfile.open(fileobj=source, mode="r|") as tar,
        ):
            _extract(tar, folder)
        decrypting.join()
    except (pyrage.DecryptError, tarfile.TarError, OSError) as error:
        cause = decrypting.error or error
        raise ArchiveError(
            f"{path} cannot be read with this key, or is damaged: {cause}"
        ) from error
    manifest, end = folder / "manifest.json", folder / "end.json"
    if not manifest.exists() or not end.exists():
        raise ArchiveError(f"{path} is not whole.")
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    if facts["format"] > FORMAT:
        raise ArchiveError(f"{path} was written by a newer portal: restore it with that one.")
    said = Contents(**json.loads(end.read_text(encoding="utf-8")))
    pieces = len(list(folder.glob("database.dump/*")))
    files = sum(1 for found in (folder / "files").rglob("*") if found.is_file())
    if (pieces, files) != (said.pieces, said.files):
        raise ArchiveError(f"{path} is not whole: {said} was written, {pieces} and {files} found.")
    return facts, said
