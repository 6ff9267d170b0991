from functools import partial

from django.contrib import admin
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _


class StaffSite(admin.AdminSite):
    site_header = site_title = _("Administration")
    index_title = _("Today")
    empty_value_display = "–"
    enable_nav_sidebar = False  # it would take the width that two languages side by side need

    def get_app_list(self, request, app_label=None):
        # Every page is given the list, few show it; and whether a record may be added can cost a query.
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))
