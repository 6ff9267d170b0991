from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class StaffSite(admin.AdminSite):
    site_header = site_title = _("Administration")
    index_title = _("Today")
    empty_value_display = "–"
