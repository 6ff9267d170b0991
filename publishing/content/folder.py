"""The folder of content files: read with suspicion, replaced in one step."""

import json
import os
import re
import secrets
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from publishing.content.shapes import Shape, Spot

MARK = "content.json"  # says that the folder holds content, and in which format
FORMAT = 1
PICTURES = "pictures"
PICTURE = re.compile(r"[a-z0-9][a-z0-9._-]*")


class Record(NamedTuple):
    """A record as it stands in a file; `size` in bytes, about."""

    spot: Spot
    data: object
    size: int = 0



@dataclass(frozen=True)
class Section:
    """
    Where the records of a shape stand: in one file as a list, as a single record, or a file each, named by its key.

    `path`: "people.json" or "delegations/". `by_year`: the key whose year names the folder of a record's file.
    """

    shape: Shape
    path: str
    by_year: str = ""

    @property
    def single(self):
        return not self.shape.key

    @property
    def one_file(self):
        return self.path.endswith(".json")


class Folder:
    """A folder to load from. What is no content, or leads out of the folder, is refused before anything is read."""

    def __init__(self, path, sections):
        self.path = Path(path)
        self.sections = sections
        if not self.path.is_dir():
            raise CommandError(_("%(path)s is no folder.") % {"path": path})
        mark = self.path / MARK
        if not mark.is_file() or mark.is_symlink():
            raise CommandError(_("%(path)s holds no content: it has no %(mark)s.") % {"path": path, "mark": MARK})
        if self.read(MARK) != {"format": FORMAT}:
            raise CommandError(
                _("%(mark)s: expected {\"format\": %(format)s}, the format that this version reads.")
                % {"mark": MARK, "format": FORMAT}
            )
        self._refuse_strangers()

    def records(self, section):
        """The records of a section, one file at a time, in the order of names."""
        for path in self._files(section):
            data, size = self.read(path), (self.path / path).stat().st_size
            if not section.one_file or section.single:
                yield Record(Spot(path), data, size)
            elif not isinstance(data, list):
                raise CommandError(_("%(path)s: expected a list of records.") % {"path": path})
            else:
                for number, row in enumerate(data, 1):
                    key = row.get(section.shape.key[0]) if isinstance(row, dict) else None
                    yield Record(Spot(path) / (key if isinstance(key, str) and key else number), row, size // len(data))

    def read(self, path):
        """The JSON of a file. CommandError says what is wrong with it, and in which line."""
        try:
            return json.loads(
                (self.path / path).read_bytes().decode(), object_pairs_hook=_no_key_twice, parse_constant=_no_constant
            )
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise CommandError(_("%(path)s, line %(line)s: expected UTF-8.") % {"path": path, "line": line}) from error
        except json.JSONDecodeError as error:
            raise CommandError(
                _("%(path)s, line %(line)s: no JSON: %(reason)s.")
                % {"path": path, "line": error.lineno, "reason": error.msg}
            ) from error
        except (ValueError, RecursionError) as error:
            raise CommandError(_("%(path)s: no JSON: %(reason)s.") % {"path": path, "reason": error}) from error

    def picture(self, name):
        """The path of a picture's file, or None."""
        path = self.path / PICTURES / name
        return path if PICTURE.fullmatch(name) and path.is_file() else None

    def _files(self, section):
        if section.one_file:
            return [section.path] if (self.path / section.path).exists() else []
        pattern = "*/*.json" if section.by_year else "*.json"
        root = self.path / section.path
        return sorted(path.relative_to(self.path).as_posix() for path in root.glob(pattern) if path.name[0] != ".")

    def _refuse_strangers(self):
        """Only known files in their places; hidden ones are passed over, links are not followed."""
        files = {MARK, *(section.path for section in self.sections if section.one_file)}
        folders = {section.path.rstrip("/"): 2 if section.by_year else 1 for section in self.sections}
        for root, names, found in os.walk(self.path):
            place = Path(root).relative_to(self.path)
            names[:] = sorted(name for name in names if not name.startswith("."))
            for name in [*names, *sorted(found)]:
                path = place / name
                if name.startswith("."):
                    continue
                if (self.path / path).is_symlink():
                    raise CommandError(_("%(path)s is a link; expected a file or folder.") % {"path": path})
                top, depth = path.parts[0], len(path.parts) - 1
                if name in names:
                    known = (top in folders and depth < folders[top]) or path.as_posix() == PICTURES
                else:
                    known = (
                        path.as_posix() in files
                        or (top in folders and depth == folders[top] and path.suffix == ".json")
                        or (top == PICTURES and depth == 1)
                    )
                if not known:
                    raise CommandError(_("%(path)s is no part of a folder of content.") % {"path": path})


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


@contextmanager
def replacement(path, sections):
    """A new folder beside `path`, which takes its place when all is written; nothing stays of it when not."""
    path = Path(path).absolute()
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise CommandError(_("%(path)s is no folder.") % {"path": path})
    if path.exists() and any(path.iterdir()):
        known = {MARK, PICTURES, *(section.path.rstrip("/") for section in sections)}
        if not (path / MARK).is_file() or {entry.name for entry in path.iterdir()} - known:
            raise CommandError(
                _("%(path)s is not empty and holds other things than content; nothing was written.") % {"path": path}
            )
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    draft.mkdir()
    try:
        yield draft
        if path.exists():
            old = draft.with_name(draft.name + "-old")
            path.rename(old)
            try:
                draft.rename(path)
            except BaseException:
                old.rename(path)
                raise
            shutil.rmtree(old)
        else:
            draft.rename(path)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _no_key_twice(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _value in pairs]
        raise ValueError(_("the key “%(key)s” stands twice") % {"key": next(k for k in keys if keys.count(k) > 1)})
    return found


def _no_constant(name):
    raise ValueError(_("%(name)s is no number") % {"name": name})
