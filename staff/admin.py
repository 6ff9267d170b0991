from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.utils.translation import gettext_lazy as _

from staff.models import LanguageRight, User


class LanguageRightInline(admin.TabularInline):
    """Superusers alone see and give rights."""

    model, extra = LanguageRight, 0

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["username", "first_name", "last_name", "interface_language", "is_active", "is_superuser"]
    list_filter = ["is_active", "is_superuser", "groups", "language_rights__language", "interface_language"]
    fieldsets = [
        *DjangoUserAdmin.fieldsets[:2],
        (_("Language"), {"fields": ["interface_language"]}),
        *DjangoUserAdmin.fieldsets[2:],
    ]
    inlines = [LanguageRightInline]

    def get_inlines(self, request, obj):
        return super().get_inlines(request, obj) if obj else []  # a new account has a name and a password first
