from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.utils.translation import gettext_lazy as _

from staff.models import User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["username", "first_name", "last_name", "interface_language", "is_active", "is_superuser"]
    list_filter = ["is_active", "is_superuser", "groups", "interface_language"]
    fieldsets = [
        *DjangoUserAdmin.fieldsets[:2],
        (_("Language"), {"fields": ["interface_language"]}),
        *DjangoUserAdmin.fieldsets[2:],
    ]
