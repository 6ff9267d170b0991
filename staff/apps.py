from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SiteAdminConfig(admin.AdminConfig):
    """Puts our admin site where Django's stands, so that every app registers with it without knowing."""

    default = False
    default_site = "staff.site.StaffSite"


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = _("Staff")
    default = True

    def ready(self):
        from staff import roles

        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(roles.lay, sender=last, dispatch_uid="staff.roles")
