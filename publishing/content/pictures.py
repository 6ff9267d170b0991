"""Pictures of content files on their way into the storage, and their names in both."""

import hashlib
import re
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image

from publishing import pictures
from publishing.content.folder import Section
from publishing.content.shapes import Shape, Wrong
from publishing.pictures import FOLDER, Picture

MADE_HERE = re.compile(r"[0-9a-f]{32}\.(jpg|webp)")
METADATA = {"comment", "exif", "icc_profile", "photoshop", "xmp"}

SECTIONS = [
    Section(
        Shape(Picture, ["file", "alt", "decorative", "credit", "focal_x", "focal_y"], key=("file",)), "pictures.json"
    )
]


class Store:
    """The storage while content is loaded: what is stored meanwhile goes again when the rows do not come to stay."""

    def __init__(self, keep):
        self.keep_files = keep
        self.storage = Picture._meta.get_field("file").storage
        self.stored = []
        self.names = {}  # {name in the folder: name in the storage}, where they differ

    def __enter__(self):
        return self

    def __exit__(self, error, *_details):
        if error or not self.keep_files:
            for name in self.stored:
                with suppress(OSError):
                    self.storage.delete(name)

    def name(self, model, name):
        """The key of a record as the database knows it."""
        return self.names.get(name, name) if model is Picture else name

    def keep(self, path):
        """{column: value} of a picture's file, which is stored unless it is already. Raises Wrong."""
        with path.open("rb") as opened:
            take = self._as_made_here if MADE_HERE.fullmatch(path.name) else self._as_uploaded
            try:
                return take(path.name, File(opened))
            except ValidationError as error:
                raise Wrong(" ".join(error.messages)) from error

    def _as_made_here(self, name, file):
        """A name that this software gives: the file comes from a dump, and stays as it is."""
        facts = pictures.inspect(file)
        with Image.open(file) as image:
            if METADATA & image.info.keys():
                raise Wrong(_("carries metadata. Give it another name: then it is prepared like an upload."))
        file.seek(0)
        self._store(FOLDER + name, file.read())
        return {"file": FOLDER + name, "width": facts.width, "height": facts.height}

    def _as_uploaded(self, name, file):
        """Any other name: prepared like an upload, and named by its content, so that it is known again."""
        digest = hashlib.blake2b(file.read(), digest_size=16).hexdigest()
        if there := Picture.objects.filter(file__startswith=FOLDER + digest).first():
            columns = {"file": there.file.name, "width": there.width, "height": there.height}
        else:
            content, width, height = pictures.prepare(file)
            columns = {"file": f"{FOLDER}{digest}{Path(content.name).suffix}", "width": width, "height": height}
            self._store(columns["file"], content.read())
        self.names[name] = columns["file"].removeprefix(FOLDER)
        return columns

    def _store(self, name, content):
        if self.storage.exists(name):
            with self.storage.open(name) as there:
                if there.read() != content:
                    raise Wrong(_("is another picture than the one that is stored under this name."))
            return
        self.stored.append(name)
        self.storage.save(name, ContentFile(content))
