"""Scripts as they were when a talk began, kept for as long as a talk needs them."""

import json
from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, select

from engage.store.inserting import InsertUnlessThere
from engage.store.tables import script

_FILES = select(script.c.files).where(script.c.digest == bindparam("digest"))
_KEEP = InsertUnlessThere(script)


def keep(db: Connection, digest: str, files: Mapping[str, str]) -> None:
    """Keep a script's files (path to text). The same digest twice is no matter."""
    text = json.dumps(dict(files), ensure_ascii=False, sort_keys=True)
    _KEEP.added(db, {"digest": digest, "files": text})


def get(db: Connection, digest: str) -> dict[str, str] | None:
    """The files of a script, path to text."""
    text = db.execute(_FILES, {"digest": digest}).scalar()
    if text is None:
        return None
    files: dict[str, str] = json.loads(text)
    return files
