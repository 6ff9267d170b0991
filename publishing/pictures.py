"""Pictures: what may be uploaded, what is kept of it, and the record that describes it. A stored file never changes."""

import re
import secrets
import threading
import warnings
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import NamedTuple

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, UnidentifiedImageError

from languages.fields import LineField
from languages.models import Translated, TranslatedQuerySet
from languages.text import column, written

FOLDER = "pictures/"
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
MAX_BYTES = 12 * 1024 * 1024
MAX_MEGAPIXELS = 40
MAX_SIDE = 12_000
MAX_FRAMES = 50
MAX_MEMORY = 200 * 1024 * 1024  # of decoding alone; with Django below 300 MB
KEPT_SIDE = 2560
GRAPHIC_COLOURS = 1 << 14  # a chart or a screenshot has fewer colours, a photograph more

NOT_A_PICTURE = _("This file is not a picture that can be used here. Upload a JPEG, PNG, WebP or AVIF file.")
DAMAGED = _("This picture is damaged or incomplete. Open it in a picture program, save it anew and upload that file.")
NOT_STORED = _("The picture could not be stored, and nothing was saved. Try again, or tell the operator of the site.")
UNCHANGEABLE = _("The file of a picture does not change. Upload a new picture instead.")

# How files of the four formats begin, the damaged ones too.
_BEGINNING = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF.{4}WEBP|.{4}ftypavi[fs]", re.DOTALL)
_one_at_a_time = threading.Lock()  # the memory limit holds for a process, whatever its number of threads
_turns = {
    2: [Image.Transpose.FLIP_LEFT_RIGHT],
    3: [Image.Transpose.ROTATE_180],
    4: [Image.Transpose.FLIP_TOP_BOTTOM],
    5: [Image.Transpose.TRANSPOSE],
    6: [Image.Transpose.ROTATE_270],
    7: [Image.Transpose.TRANSVERSE],
    8: [Image.Transpose.ROTATE_90],
}
# The limits here are stricter, and said to the editor; Pillow would say its own to the log besides.
warnings.simplefilter("ignore", Image.DecompressionBombWarning)


class Facts(NamedTuple):
    """What the header of a file says, before orientation."""

    format: str
    width: int
    height: int
    frames: int


class Prepared(ContentFile):
    """A picture as it is kept: made by `prepare` alone, hence not prepared again."""

    def __init__(self, content, extension, width, height):
        super().__init__(content, name=f"{secrets.token_hex(16)}.{extension}")
        self.width, self.height = width, height


def inspect(file):
    """`Facts` of an uploaded file, read from its header; ValidationError for what may not be decoded."""
    return _open(file)[1]


def prepare(file):
    """
    (content, width, height) of the picture as it is kept: upright, sRGB, at most 2560 px a side, without metadata.

    Nothing of the upload survives but its pixels. ValidationError where `inspect` raises it, and for damaged files.
    """
    with _one_at_a_time:
        image, facts, target = _open(file)
        try:
            image.load()
            turns = _turns.get(_orientation(image), [])
            profile = image.info.get("icc_profile")
            small = _shrunk(image, target)
            image.close()
            del image  # a WebP decoder holds two canvases besides
            small = _in_srgb(small, profile)
        except Exception as error:  # Pillow raises a dozen different ones for damaged files
            raise ValidationError(DAMAGED, code="damaged") from error
        for turn in turns:
            small = small.transpose(turn)
        content = _encoded(small, facts.format)
    return content, content.width, content.height


def _open(file):
    """The undecoded image, its facts and the size it is to be decoded to."""
    if file.size > MAX_BYTES:
        raise ValidationError(
            _("This file is larger than %(limit)s megabytes. Scale the picture down, or save it as JPEG."),
            code="bytes",
            params={"limit": MAX_BYTES // 1024**2},
        )
    file.seek(0)
    data = file.read()
    file.seek(0)
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
        facts = Facts("JPEG" if image.format == "MPO" else image.format, *image.size, getattr(image, "n_frames", 1))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:
        if isinstance(error, UnidentifiedImageError) and not _BEGINNING.match(data):
            raise ValidationError(NOT_A_PICTURE, code="format") from error
        raise ValidationError(DAMAGED, code="damaged") from error
    if max(facts.width, facts.height) > MAX_SIDE:
        raise ValidationError(
            _("This picture is longer than %(limit)s pixels on one side. Scale it down."),
            code="side",
            params={"limit": MAX_SIDE},
        )
    if facts.width * facts.height > MAX_MEGAPIXELS * 1_000_000:
        raise _too_many_pixels()
    if facts.frames > MAX_FRAMES:
        raise ValidationError(
            _("This animation has more than %(limit)s frames. Upload a still picture."),
            code="frames",
            params={"limit": MAX_FRAMES},
        )
    scale = min(1, KEPT_SIDE / max(facts.width, facts.height))
    target = max(1, round(facts.width * scale)), max(1, round(facts.height * scale))
    if facts.format == "JPEG":
        image.draft(None, target)  # the decoder itself scales by 2, 4 or 8
    needed = _memory(image, facts, data)
    if needed > MAX_MEMORY:
        possible = facts.width * facts.height * MAX_MEMORY / needed / 1_000_000
        raise ValidationError(
            _(
                "In the format %(format)s a picture of this kind may have at most %(limit)s megapixels. "
                "Scale it down, or save it as a plain JPEG."
            ),
            code="memory",
            params={"format": facts.format, "limit": int(possible)},
        )
    return image, facts, target


def _too_many_pixels():
    return ValidationError(
        _("This picture has more than %(limit)s megapixels. Scale it down."),
        code="pixels",
        params={"limit": MAX_MEGAPIXELS},
    )


def _memory(image, facts, data):
    """Bytes that decoding takes, as measured: Pillow keeps 4 a pixel in most modes, some decoders more of their own."""
    pixels = facts.width * facts.height
    if facts.format in {"WEBP", "AVIF"}:
        return 16 * pixels + 2 * len(data)
    if facts.format == "PNG":
        return pixels * {"1": 1, "L": 1, "P": 1, "I;16": 2}.get(image.mode, 4) + len(data)
    needed = 4 * image.width * image.height + len(data)
    if data.find(b"\xff\xda", image.fp.tell()) >= 0:  # several scans (a progressive file): all coefficients are kept
        widest, highest = (max(layer[part] for layer in image.layer) for part in (1, 2))
        needed += sum(2 * pixels * layer[1] * layer[2] // (widest * highest) for layer in image.layer)
    return needed


def _orientation(image):
    try:
        return image.getexif().get(0x0112)
    except Exception:  # damaged metadata is no reason to refuse a whole picture
        return None


def _shrunk(image, target):
    """
    The image in the size `target`, in mode L, RGB, RGBA or CMYK.

    Row by row in the first direction, so that no second copy of a large picture is ever held.
    """
    if image.size == target:
        return _in_plain_mode(image)
    factor = max(1, min(image.width // target[0], image.height // target[1]))
    rows = factor * max(1, 1_000_000 // (image.width * factor))
    narrow = None
    for top in range(0, image.height, rows):
        strip = _in_plain_mode(image.crop((0, top, image.width, min(top + rows, image.height))))
        if strip.mode == "RGBA":
            strip = strip.convert("RGBa")  # else colours hidden under transparency bleed into the edges
        if factor > 1:
            strip = strip.reduce(factor)
        strip = strip.resize((target[0], strip.height), Image.Resampling.LANCZOS)
        narrow = narrow or Image.new(strip.mode, (target[0], -(-image.height // factor)))
        narrow.paste(strip, (0, top // factor))
    small = narrow.resize(target, Image.Resampling.LANCZOS)
    return small.convert("RGBA") if small.mode == "RGBa" else small


def _in_plain_mode(image):
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")  # 16 bits of grey
    if image.mode in {"1", "L"}:
        return image.convert("L")
    return image.copy() if image.mode == "CMYK" else image.convert("RGB")


def _in_srgb(image, profile):
    if profile:
        # A profile that cannot be read, or is of another kind of picture, is passed over.
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            return ImageCms.profileToProfile(image, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=mode)
    return image.convert("RGB") if image.mode == "CMYK" else image


def _encoded(image, original_format):
    """Photographs as JPEG; what has few colours or transparency as WebP, without loss where that is small."""
    if image.mode == "RGBA" and image.getextrema()[3] == (255, 255):
        image = image.convert("RGB")
    graphic = original_format != "JPEG" and image.getcolors(GRAPHIC_COLOURS) is not None
    image.info = {}  # encoders write comments, profiles and metadata they find here
    out = BytesIO()
    if graphic:
        image.save(out, "WEBP", lossless=True, method=1, quality=20)
    elif image.mode == "RGBA":
        image.save(out, "WEBP", quality=85, method=2)
    else:
        image.save(out, "JPEG", quality=85, progressive=True, optimize=True)
    extension = "webp" if graphic or image.mode == "RGBA" else "jpg"
    return Prepared(out.getvalue(), extension, *image.size)


class PictureFormField(forms.FileField):
    """Prepares at once, so that a damaged picture is an error of the form and not of the saving."""

    def to_python(self, data):
        file = super().to_python(data)
        return file and prepare(file)[0]

    def widget_attrs(self, widget):
        types = ",".join(f"image/{format.lower()}" for format in FORMATS)
        return super().widget_attrs(widget) | {"accept": types}


@contextmanager
def _storing(storage, name):
    """What was written by half goes, since a full disk leaves a file of 0 bytes."""
    try:
        yield
    except BaseException as error:
        with suppress(OSError):
            storage.delete(name)
        if isinstance(error, OSError):
            raise ValidationError(NOT_STORED, code="storage") from error
        raise


class PictureFile(FieldFile):
    def save(self, name, content, save=True):
        if save:  # the row first, so that both come or neither
            content.name = content.name or name
            setattr(self.instance, self.field.attname, content)
            self.instance.save()
            return
        if not isinstance(content, Prepared):
            content, *_size = prepare(content)
        with _storing(self.storage, FOLDER + content.name):
            super().save(content.name, content, save=False)
        self.instance.width, self.instance.height = content.width, content.height


class PictureField(models.FileField):
    """A file that was made by `prepare`, under a random name, on every way into the database; written once."""

    attr_class = PictureFile

    def formfield(self, **kwargs):
        # The name of the upload is not kept, so that its length does not matter.
        return super().formfield(**{"form_class": PictureFormField, "max_length": None, **kwargs})

    def clean(self, value, model_instance):
        self._refuse_other(value, model_instance)
        if value and not value._committed:
            if isinstance(value.file, Prepared):  # comes from a form: a full disk is its error, while it can be shown
                name = FOLDER + value.file.name
                with _storing(self.storage, name):
                    self.storage.save(name, value.file)
                self.storage.delete(name)
            else:
                inspect(value.file)
        return super().clean(value, model_instance)

    def pre_save(self, instance, add):
        self._refuse_other(getattr(instance, self.attname), instance)
        return super().pre_save(instance, add)

    def _refuse_other(self, file, instance):
        """Neither another file than the row has, nor a name that `prepare` did not give."""
        stored = None
        if instance.pk is not None:
            rows = type(instance)._base_manager.using(instance._state.db).filter(pk=instance.pk)
            stored = rows.values_list(self.attname, flat=True).first()
        if stored and (not file._committed or file.name != stored):
            raise ValidationError(UNCHANGEABLE, code="unchangeable")
        if file and file._committed and not re.fullmatch(re.escape(FOLDER) + r"[0-9a-f]{32}\.(jpg|webp)", file.name):
            raise ValidationError(NOT_A_PICTURE, code="format")


class PictureQuerySet(TranslatedQuerySet):
    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        with _all_or_nothing(objs):
            return super().bulk_create(objs, *args, **kwargs)

    def update(self, **kwargs):
        if {"file", "width", "height"} & kwargs.keys():
            raise TypeError("The file of a picture does not change.")
        return super().update(**kwargs)

    update.alters_data = True

    def delete(self):
        names = list(self.values_list("file", flat=True))
        deleted = super().delete()
        _remove_after_commit(names, self.db)
        return deleted

    delete.alters_data = True
    delete.queryset_only = True


class Picture(Translated, models.Model):
    file = PictureField(
        _("file"),
        upload_to=FOLDER,
        unique=True,
        help_text=_("JPEG, PNG, WebP or AVIF, at most 12 megabytes and 40 megapixels."),
    )
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    focal_x = models.PositiveSmallIntegerField(
        _("focal point, from the left"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("In per cent: what stays in sight where the picture is cut."),
    )
    focal_y = models.PositiveSmallIntegerField(
        _("focal point, from the top"), default=50, validators=[MaxValueValidator(100)]
    )
    alt = LineField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_("What a reader who cannot see the picture needs to know, in one sentence."),
    )
    decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("The picture tells nothing that the text does not; it needs no description."),
    )
    credit = LineField(
        _("credit"), max_length=200, blank=True, help_text=_("Author and source, as shown beneath the picture.")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = PictureQuerySet.as_manager()

    class Meta:
        app_label = "publishing"
        ordering = ["-created_at", "-pk"]
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [
            models.CheckConstraint(
                condition=Q(focal_x__range=(0, 100), focal_y__range=(0, 100)),
                name="picture_focal_point_within",
                violation_error_message=_("The focal point lies between 0 and 100 per cent."),
            ),
        ]

    def __str__(self):
        return written(self, "alt").text or self.file.name

    def clean(self):
        alts = {code: getattr(self, column("alt", code)) for code in settings.MODELTRANSLATION_LANGUAGES}
        if self.decorative and any(alts.values()):
            raise ValidationError(
                _("A decorative picture has no description: remove the one or the other."), code="decorative"
            )
        if not self.decorative and not (alts[self.source_language] or "").strip():
            raise ValidationError(
                _("Describe the picture in %(language)s, or mark it as decorative."),
                code="description",
                params={"language": dict(settings.LANGUAGES)[self.source_language]},
            )

    def save(self, *args, **kwargs):
        with _all_or_nothing([self]):
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        name = self.file.name
        deleted = super().delete(*args, **kwargs)
        _remove_after_commit([name], kwargs.get("using") or self._state.db)
        return deleted


@contextmanager
def _all_or_nothing(pictures):
    """Files written within leave with the rows when saving fails. After a rollback further out `sweep` finds them."""
    uploads = [(picture, picture.file.file) for picture in pictures if picture.file and not picture.file._committed]
    try:
        with transaction.atomic():  # the row of the history is part of it
            yield
    except BaseException:
        for picture, upload in uploads:
            if picture.file._committed:
                with suppress(OSError):
                    picture.file.storage.delete(picture.file.name)
                picture.file = upload
        raise


def _remove_after_commit(names, using):
    storage = Picture._meta.get_field("file").storage
    for name in names:
        transaction.on_commit(partial(storage.delete, name), using=using, robust=True)


def orphans():
    """Names of files that no row names and that are older than a day: younger ones may belong to a transaction."""
    storage = Picture._meta.get_field("file").storage
    before = timezone.now() - timedelta(days=1)
    found = []
    with suppress(FileNotFoundError):  # nothing uploaded yet
        for name in storage.listdir(FOLDER)[1]:
            with suppress(FileNotFoundError):
                if storage.get_modified_time(FOLDER + name) < before:
                    found.append(FOLDER + name)
    return sorted(set(found) - set(Picture._base_manager.values_list("file", flat=True)))


def sweep():
    """Deletes `orphans()` and returns their names."""
    names = orphans()
    for name in names:
        Picture._meta.get_field("file").storage.delete(name)
    return names
