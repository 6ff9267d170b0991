"""All content of a database as plain values under natural keys, without a line of the code that reads and writes files."""

from collections import Counter

from django.contrib.contenttypes.models import ContentType

from delegations import models as register
from languages.text import translated_fields
from news.models import NewsItem, NewsRelease
from publishing.models import Erasure, Picture, Redirect
from translations.models import Unit

MODELS = [
    register.Assembly, Picture, register.Source, register.Office, register.Person, register.PersonName,
    register.Delegation, register.Chamber, register.Website, register.Seats, register.Plenipotentiary,
    register.Membership, NewsItem, NewsRelease, Unit, Redirect, Erasure,
]
# Who wrote it and when it reached this database is no content.
NO_CONTENT = {"id", "created_at", "released_by", "width", "height"}


def name_of(obj):
    """What tells a record from its like, whatever its id."""
    match obj:
        case None:
            return None
        case Picture():
            return obj.file.name
        case register.Chamber():
            return f"{obj.delegation.slug}/{obj.slug}"
        case register.Assembly():
            return "assembly"
        case register.Membership():
            return obj.person.slug, name_of(obj.chamber), obj.since, obj.until
        case ContentType():
            return obj.model
        case _:
            return getattr(obj, "slug", None) or getattr(obj, "username", None)


def row(obj):
    """{column: value}, references by name; base columns of translated fields are garbage by agreement."""
    told = {}
    for field in obj._meta.fields:
        if field.name in NO_CONTENT or field.name in translated_fields(type(obj)):
            continue
        if field.name == "object_id":
            told["target"] = name_of(obj.content_type.model_class()._base_manager.get(pk=obj.object_id))
        else:
            value = getattr(obj, field.name)
            told[field.name] = name_of(value) if field.many_to_one else str(value) if field.name == "file" else value or ""
            if value == 0 and value is not False:
                told[field.name] = 0
    for field in obj._meta.many_to_many:
        told[field.name] = tuple(sorted(name_of(other) for other in getattr(obj, field.name).all()))
    return told


def everything():
    """{model: Counter of rows}."""
    return {
        model._meta.model_name: Counter(tuple(sorted(row(obj).items())) for obj in model._base_manager.all())
        for model in MODELS
    }


def empty():
    """Take all content out of the database. Ids go on counting, so that what is loaded then has other ones."""
    register.Chamber.objects.update(successor=None)
    for model in reversed(MODELS):
        for field in model._meta.many_to_many:
            field.remote_field.through._base_manager.all()._raw_delete("default")
        model._base_manager.all()._raw_delete("default")


def files(folder):
    """{path: bytes} of a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def differences(before, after):
    """Rows that only one of two databases has, for the report of a failure."""
    return [
        (model, "lost" if kept is before else "came", dict(told))
        for model in before
        for kept, other in [(before, after), (after, before)]
        for told in kept[model] - other[model]
    ]
