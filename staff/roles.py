"""
The group "Editors", laid after every migrate: what an editor may do is said here, not clicked together.

Editors write every model that keeps a history, and read the rows that acts write (`editors_read` of a ModelAdmin). They
never see users and groups: administrators are superusers. What the group should not have is taken away again; whoever
wants more for somebody makes a group of another name.
"""

from django.apps import apps as all_apps
from django.contrib import admin
from django.db.models import Q

EDITORS = "Editors"
WRITING = ("add", "change", "view", "delete", "release")


def lay(sender, using, apps=all_apps, **options):
    """Answers `post_migrate`, for the last room alone: only then have all rooms their permissions."""
    try:
        Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:  # migrated back to before there were any
        return
    wanted = Q(pk=None)
    for model, model_admin in admin.site._registry.items():
        if hasattr(model._meta, "simple_history_manager_attribute"):
            actions = WRITING
        elif getattr(model_admin, "editors_read", False):
            actions = ("view",)
        else:
            continue
        names = [f"{action}_{model._meta.model_name}" for action in actions]
        wanted |= Q(content_type__app_label=model._meta.app_label, codename__in=names)
    group, _created = Group.objects.using(using).get_or_create(name=EDITORS)
    found = Permission.objects.using(using).filter(wanted)
    if {*found.values_list("pk", flat=True)} != {*group.permissions.values_list("pk", flat=True)}:
        group.permissions.set(found)
