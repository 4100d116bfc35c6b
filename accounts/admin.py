"""The administrator's own pages for agencies and people."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin

from accounts.models import ROLE_FIELDS, Agency, Division, User
from core.text import number_in


class HistoryAdmin(SimpleHistoryAdmin):
    """With the history of an object; of one that cannot be there, whose key is no number, a 404."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing is done to many objects at once: there is nothing to do but to delete them."""
        return {}

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

    def set_history_delta_changes(self, request: HttpRequest, historical_records: Any, *args: Any) -> None:
        """A change without a reason says nothing of one."""
        super().set_history_delta_changes(request, historical_records, *args)
        for record in historical_records:
            record.history_change_reason = record.history_change_reason or ""


class DivisionInline(admin.TabularInline[Division, Agency]):
    model = Division
    extra = 0
    # A division with people or measures is in use; its page in the office knows.
    can_delete = False


class AgencySelect(AutocompleteSelect):
    """Shows a form again whatever was sent as the agency; Django's own would ask the database for it."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [key for key in value if number_in(key, 18)], attr)


@admin.register(Division)
class DivisionAdmin(HistoryAdmin, admin.ModelAdmin[Division]):
    list_display = ("name", "agency", "position")
    list_filter = ("agency__kind", "agency__province")
    list_select_related = ("agency",)
    search_fields = ("name", "agency__name", "agency__short_name")
    autocomplete_fields = ("agency",)
    ordering = ("agency__name", "position")

    def has_delete_permission(self, request: HttpRequest, obj: Division | None = None) -> bool:
        """One with people or measures is in use; its page in the office knows."""
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "agency":
            options["widget"] = AgencySelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **options)


@admin.register(Agency)
class AgencyAdmin(HistoryAdmin, admin.ModelAdmin[Agency]):
    list_display = ("name", "kind", "province", "district", "slug")
    list_filter = ("kind", "province")
    # Checked and made small on the agency's own page.
    exclude = ("seal",)
    search_fields = ("name", "short_name", "slug", "province")
    inlines = (DivisionInline,)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if isinstance(db_field, models.URLField):
            options["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **options)


class DivisionChoice(forms.ModelMultipleChoiceField[Division]):
    """Divisions to tick; two agencies may have one of the same name."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Division) -> str:
        return f"{obj.name} · {obj.agency.short_name}"


class PersonPasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]  # not generic at run time
    """Its warning is not marked for translation in Django."""

    usable_password_help_text = format_html(
        '<ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
        "หากปิด รหัสผ่านเดิมของผู้ใช้นี้จะใช้ไม่ได้อีก",
    )


@admin.register(User)
class PersonAdmin(HistoryAdmin, UserAdmin[User]):
    list_display = ("username", "full_name", "post", "shown_roles", "agency", "is_active")
    change_password_form = PersonPasswordForm
    list_filter = (*ROLE_FIELDS.values(), "is_active", "agency__kind", "agency__province")
    list_select_related = ("agency",)
    search_fields = ("username", "full_name", "email", "agency__name")
    autocomplete_fields = ("agency",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "agency":
            options["widget"] = AgencySelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """People are taken out of use and never deleted: the history names them."""
        return False

    @admin.display(description="บทบาท")
    def shown_roles(self, person: User) -> str:
        """What the person comes here to do."""
        return person.role_names

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """The divisions of the person's own agency, each named with it."""
        if db_field.name == "divisions":
            match = request.resolver_match
            person = number_in(match.kwargs.get("object_id", ""), 18) if match else None
            of_agency = Division.objects.filter(agency__users=person).select_related("agency")
            options |= {"queryset": of_agency.order_by("position", "id"), "form_class": DivisionChoice}
            return db_field.formfield(**options)
        return super().formfield_for_manytomany(db_field, request, **options)

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
