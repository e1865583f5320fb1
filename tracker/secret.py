"""The installation's own secret: it signs forms, and nothing else hangs on it."""

import os
import secrets
from pathlib import Path

from tracker.errors import FootfallError


def load_secret(folder: Path) -> bytes:
    """Return the 32 bytes of `secret` in the data folder, made at the first call, readable by us alone."""
    file = folder / "secret"
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return _read(file)
    except OSError as error:
        raise FootfallError(f"cannot write {file}: {error.strerror}; make the data folder writable") from error
    with os.fdopen(handle, "wb") as out:
        out.write(secrets.token_bytes(32))
        out.flush()
        os.fsync(out.fileno())
    return _read(file)


def _read(file: Path) -> bytes:
    """Return the secret; FootfallError when it was cut, as by a full disk."""
    try:
        secret = file.read_bytes()
    except OSError as error:
        raise FootfallError(f"cannot read {file}: {error.strerror}; let Footfall's user read it") from error
    if len(secret) != 32:
        raise FootfallError(f"{file} is damaged; remove it, and people only have to reload open forms")
    return secret
