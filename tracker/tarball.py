"""A backup's file: one tar whose last member lists all others with their size and SHA-256."""

import hashlib
import io
import json
import os
import secrets
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from tracker.errors import NO_ROOM, FootfallError

MANIFEST = "manifest.json"
FORMAT = 1


def write_tarball(target: Path, folder: Path, about: dict[str, Any]) -> Iterator[int]:
    """Pack everything in `folder` into `target`, yielding the bytes done; it appears whole or not at all."""
    partial = target.with_name(f"{target.name}.{secrets.token_hex(4)}.partial")
    listed: dict[str, dict[str, Any]] = {}
    done = 0
    try:
        with open(partial, "xb", opener=_private) as out, tarfile.open(fileobj=out, mode="w") as tar:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                name = path.relative_to(folder).as_posix()
                tar.add(path, name, recursive=False)
                listed[name] = {"bytes": path.stat().st_size, "sha256": _digest(path)}
                done += path.stat().st_size
                yield done
            manifest = json.dumps({"format": FORMAT, **about, "files": listed}, indent=1).encode()
            member = tarfile.TarInfo(MANIFEST)
            member.size = len(manifest)
            member.mode = 0o600
            tar.addfile(member, io.BytesIO(manifest))
            tar.close()
            out.flush()
            os.fsync(out.fileno())
        partial.replace(target)
    except OSError as error:
        raise FootfallError(f"cannot write {target} ({error.strerror}); choose another place") from error
    finally:
        partial.unlink(missing_ok=True)


def read_tarball(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack `source` into `folder` and return its manifest; FootfallError when a byte is missing or wrong."""
    try:
        with tarfile.open(source, "r:") as tar:
            tar.extractall(folder, filter="data")
    except (OSError, tarfile.TarError, EOFError) as error:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            raise FootfallError(f"there is no room to unpack {source} in {folder.parent}; make some") from error
        raise FootfallError(f"{source} is no whole backup ({error}); use another one") from error
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        listed = manifest["files"]
        if manifest["format"] != FORMAT:
            raise FootfallError(f"{source} was made by a newer Footfall; restore it with that version")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FootfallError(f"{source} was cut short: it has no list of its files; use another one") from error
    (folder / MANIFEST).unlink()
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    for name, fact in listed.items():
        if name not in found or found[name].stat().st_size != fact["bytes"] or _digest(found[name]) != fact["sha256"]:
            raise FootfallError(f"{source} is damaged at {name}; use another backup")
    if surplus := set(found) - set(listed):
        raise FootfallError(f"{source} holds files that it does not list, such as {min(surplus)}; use another backup")
    return cast(dict[str, Any], manifest)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
