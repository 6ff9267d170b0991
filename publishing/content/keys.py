"""Natural keys: how content files name a record of another file."""

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from publishing.content.shapes import Wrong
from publishing.pictures import FOLDER, Picture


class Keys:
    """Keys and ids of the records that others name; read once for each model, until it is told to `forget`."""

    def __init__(self, sections):
        self.lookups = {get_user_model(): ("username",)}
        shapes = [section.shape for section in sections]
        while shapes:
            shape = shapes.pop()
            self.lookups[shape.model] = shape.key
            shapes += shape.lists.values()
        self.known = {}

    def find(self, model, name):
        """The id of a record. Raises Wrong; for an account None, as accounts are no content."""
        ids = self._read(model)[0]
        if name not in ids and model is not get_user_model():
            raise Wrong(
                _("“%(name)s” is not there; expected the key of a record (%(model)s).")
                % {"name": name, "model": model._meta.verbose_name}
            )
        return ids.get(name)

    def name(self, model, pk):
        return self._read(model)[1][pk]

    def forget(self, model):
        self.known.pop(model, None)

    def _read(self, model):
        if model not in self.known:
            rows = model._base_manager.values_list("pk", *self.lookups[model])
            names = {pk: "/".join(parts).removeprefix(FOLDER if model is Picture else "") for pk, *parts in rows}
            self.known[model] = {name: pk for pk, name in names.items()}, names
        return self.known[model]


def linked(model, objs):
    """{id of the record: {many-to-many: sorted ids of what it links to}}."""
    found = {obj.pk: {field.name: () for field in model._meta.many_to_many} for obj in objs}
    for field in model._meta.many_to_many:
        this, that = f"{field.m2m_field_name()}_id", field.m2m_reverse_name()
        rows = field.remote_field.through._base_manager.filter(**{f"{this}__in": found}).order_by(that)
        for pk, other in rows.values_list(this, that):
            found[pk][field.name] += (other,)
    return found
