from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class SiteAdminConfig(admin.AdminConfig):
    """Puts our admin site where Django's stands, so that every app registers with it without knowing."""

    default = False
    default_site = "staff.site.StaffSite"


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = _("Staff")
    default = True
