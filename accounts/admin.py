"""The administrator's own pages for agencies and people."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from simple_history.admin import SimpleHistoryAdmin

from accounts.models import Agency, Division, User


class DivisionInline(admin.TabularInline[Division, Agency]):
    model = Division
    extra = 0


@admin.register(Agency)
class AgencyAdmin(SimpleHistoryAdmin, admin.ModelAdmin[Agency]):
    list_display = ("name", "province", "slug")
    search_fields = ("name", "short_name", "slug", "province")
    inlines = (DivisionInline,)


@admin.register(User)
class PersonAdmin(SimpleHistoryAdmin, UserAdmin[User]):
    list_display = ("username", "full_name", "role", "agency", "division", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("username", "full_name", "email", "agency__name")
    autocomplete_fields = ("agency",)
    fieldsets = (
        (None, {"fields": ["username", "password"]}),
        ("บุคคล", {"fields": ["full_name", "post", "email"]}),
        ("หน้าที่", {"fields": ["role", "agency", "division"]}),
        ("สิทธิ์ในหน้าผู้ดูแลระบบ", {"fields": ["is_active", "is_staff", "is_superuser"]}),
    )
    add_fieldsets = (
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
        ("หน้าที่", {"fields": ["full_name", "role", "agency", "division"]}),
    )
