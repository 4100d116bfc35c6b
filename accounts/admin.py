"""The administrator's own pages for agencies and people."""

from collections.abc import Sequence
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.admin import UserAdmin
from django.db import models
from django.http import Http404, HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from accounts.models import ROLE_FIELDS, Agency, Division, User
from accounts.second_factor.services import remove_second_factors
from core.text import number_in

# What this site does not keep there, and secrets that nobody has to look at.
for unused in (Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(unused)


class HistoryAdmin(SimpleHistoryAdmin):
    """With the history of an object; of one that cannot be there, whose key is no number, a 404."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        if number_in(object_id, 18) is None:
            raise Http404
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if number_in(object_id, 18) is None or number_in(version_id, 18) is None:
            raise Http404
        return super().history_form_view(request, object_id, version_id, extra_context)


class DivisionInline(admin.TabularInline[Division, Agency]):
    model = Division
    extra = 0
    # A division with people or measures is in use; its page in the office knows.
    can_delete = False


@admin.register(Agency)
class AgencyAdmin(HistoryAdmin, admin.ModelAdmin[Agency]):
    list_display = ("name", "province", "slug")
    search_fields = ("name", "short_name", "slug", "province")
    inlines = (DivisionInline,)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if isinstance(db_field, models.URLField):
            options["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **options)


class AgencySelect(AutocompleteSelect):
    """Shows a form again whatever was sent as the agency; Django's own would ask the database for it."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [key for key in value if number_in(key, 18)], attr)


@admin.register(User)
class PersonAdmin(HistoryAdmin, UserAdmin[User]):
    list_display = ("username", "full_name", "role_names", "agency", "is_active")
    list_filter = (*ROLE_FIELDS.values(), "is_active")
    filter_horizontal = ("divisions",)
    search_fields = ("username", "full_name", "email", "agency__name")
    autocomplete_fields = ("agency",)
    actions = ("take_away_second_factors",)

    @admin.action(description="ล้างการยืนยันตัวตนสองชั้นของผู้ใช้ที่เลือก", permissions=["change"])
    def take_away_second_factors(self, request: HttpRequest, people: models.QuerySet[User]) -> None:
        """For who has lost the telephone and the codes; each is logged."""
        assert isinstance(request.user, User)  # noqa: S101
        count = sum(remove_second_factors(person, request.user) for person in people)
        messages.success(request, f"ล้างการยืนยันตัวตนสองชั้นของผู้ใช้ {count} คนแล้ว")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "agency":
            options["widget"] = AgencySelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **options)

    fieldsets = (
        (None, {"fields": ["username", "password"]}),
        ("บุคคล", {"fields": ["full_name", "post", "email"]}),
        ("หน้าที่", {"fields": [*ROLE_FIELDS.values(), "agency", "divisions"]}),
        ("สิทธิ์ในหน้าผู้ดูแลระบบ", {"fields": ["is_active", "is_staff", "is_superuser"]}),
    )
    add_fieldsets = (
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
        ("หน้าที่", {"fields": ["full_name", *ROLE_FIELDS.values(), "agency"]}),
    )
