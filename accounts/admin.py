"""The administrator's own pages for agencies and people."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin

from accounts.admin_fields import AgenciesSelect, AgencyChoice, AgencySelect, DivisionChoice, ProvincesField
from accounts.events import executives_of, note_event
from accounts.models import ROLE_FIELDS, AccountEventKind, Agency, Division, User
from accounts.rules import LAST_OFFICER, division_problems, loses_last_officer
from accounts.second_factor.services import remove_second_factors
from accounts.sessions.again import ask_password_again
from core.text import number_in
from ledger.services import appends_last


class HistoryAdmin(SimpleHistoryAdmin):
    """With the history of an object; of one that cannot be there, whose key is no number, a 404."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Many objects are not deleted at once."""
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

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


class PersonRules(forms.BaseModelForm[User]):
    """What holds for an agency's people holds for the administrator too."""

    @transaction.atomic
    def clean(self) -> dict[str, Any]:
        """Staff have divisions, those of their agency; an agency keeps an officer."""
        said = super().clean() or self.cleaned_data
        agency = said.get("agency")
        roles = {role for role, field in ROLE_FIELDS.items() if said.get(field)}
        for field, problem in division_problems(agency, roles, said.get("divisions") or ()).items():
            self.add_error(field, problem)
        if self.instance.pk:
            # Held to the end of the request, as the office's own page holds it.
            list(Agency.objects.select_for_update(of=("self",)).filter(users=self.instance))
            if loses_last_officer(self.instance, roles, agency, is_active=bool(said.get("is_active"))):
                self.add_error("is_officer", LAST_OFFICER)
        return said


class PersonChangeForm(PersonRules, UserChangeForm[User]):
    """A person who is there."""

    overseen_provinces = ProvincesField()


class AddedPersonForm(PersonRules, AdminUserCreationForm[User]):
    """A person who is added."""


class PersonPasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]  # not generic at run time
    """Its warning is not marked for translation in Django."""

    usable_password_help_text = format_html(
        '<ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
        "หากปิด รหัสผ่านเดิมของผู้ใช้นี้จะใช้ไม่ได้อีก",
    )


@admin.register(User)
class PersonAdmin(HistoryAdmin, UserAdmin[User]):
    list_display = ("username", "full_name", "post", "shown_roles", "agency", "is_active")
    form = PersonChangeForm
    add_form = AddedPersonForm
    change_password_form = PersonPasswordForm
    list_filter = (*ROLE_FIELDS.values(), "is_active", "agency__kind", "agency__province")
    list_select_related = ("agency",)
    search_fields = ("username", "full_name", "email", "agency__name")
    autocomplete_fields = ("agency", "overseen_agencies")
    actions = ("take_away_second_factors",)

    @admin.action(description="ล้างการยืนยันตัวตนสองชั้นของผู้ใช้ที่เลือก", permissions=["change"])
    def take_away_second_factors(self, request: HttpRequest, people: models.QuerySet[User]) -> None:
        """For who has lost the telephone and the codes; each is logged."""
        ask_password_again(request)
        by = cast(User, request.user)
        count = sum(remove_second_factors(person, by) for person in people)
        messages.success(request, f"ล้างการยืนยันตัวตนสองชั้นของผู้ใช้ {count} คนแล้ว")

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
        """The divisions of the person's own agency; of somebody new, whose agency is not chosen yet, all."""
        if db_field.name == "overseen_agencies":
            widget = AgenciesSelect(db_field, self.admin_site)
            return db_field.formfield(form_class=AgencyChoice, queryset=Agency.objects.all(), widget=widget)
        if db_field.name == "divisions":
            match = request.resolver_match
            person = number_in(match.kwargs.get("object_id", ""), 18) if match else None
            found = Division.objects.select_related("agency").order_by("agency__name", "position", "id")
            options["queryset"] = found.filter(agency__users=person) if person else found
            options |= {"form_class": DivisionChoice}
            if person:
                options["widget"] = forms.CheckboxSelectMultiple
            return db_field.formfield(**options)
        return super().formfield_for_manytomany(db_field, request, **options)

    fieldsets = (
        (None, {"fields": ["username", "password"]}),
        ("บุคคล", {"fields": ["full_name", "post", "email"]}),
        ("หน้าที่", {"fields": [*ROLE_FIELDS.values(), "agency", "divisions"]}),
        (
            "ขอบเขตของผู้กำกับดูแล",
            {
                "fields": [
                    "oversees_everywhere",
                    "overseen_provinces",
                    "overseen_agencies",
                    "sees_private_evidence",
                ]
            },
        ),
        ("สิทธิ์ในหน้าผู้ดูแลระบบ", {"fields": ["is_active", "is_staff", "is_superuser"]}),
    )
    add_fieldsets = (
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
        ("หน้าที่", {"fields": ["full_name", "post", *ROLE_FIELDS.values(), "agency", "divisions"]}),
    )

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        """As Django's; the password is asked for again before rights change."""
        if request.method == "POST":
            ask_password_again(request)
        return super().changeform_view(request, *args, **options)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Who is given a password by somebody else changes it at the first sign-in."""
        if not change:
            obj.must_change_password = obj.has_usable_password()
        super().save_model(request, obj, form, change)

    def _changeform_view(self, request: Any, *args: Any) -> HttpResponse:
        """Django's own log is written after the person: the provable one comes last."""
        with appends_last():
            response: HttpResponse = super()._changeform_view(request, *args)
        return response

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """With the person, write the line of the log of accounts; executives are told of who approves."""
        super().save_related(request, form, formsets, change)
        person, changed = form.instance, form.changed_data
        labels = ", ".join(str(form.fields[name].label) for name in changed if name in form.fields)
        told = executives_of(person) if {"is_executive", "is_active"} & set(changed) else ()
        concerns = person.is_executive or "is_executive" in changed
        if changed or not change:
            kind = AccountEventKind.CHANGED if change else AccountEventKind.ADDED
            if changed == ["is_active"]:
                kind = AccountEventKind.ACTIVATED if person.is_active else AccountEventKind.DEACTIVATED
            others = [each for each in told if change or each.pk != person.pk]
            note_event(kind, person, request.user, labels if change else "", others if concerns else ())

    def user_change_password(self, request: Any, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """As Django's; the person is told who did it, and changes the password at the next sign-in."""
        if request.method == "POST":
            ask_password_again(request)
        person = self.get_object(request, id)
        before = person and person.password
        response: HttpResponse = super().user_change_password(request, id, form_url)
        with transaction.atomic():
            stored = User.objects.filter(pk=person and person.pk).first()
            if stored is None or stored.password == before:
                return response
            if stored.pk == request.user.pk:
                note_event(AccountEventKind.PASSWORD_CHANGED, stored, request.user)
                return response
            User.objects.filter(pk=stored.pk).update(must_change_password=stored.has_usable_password())
            note_event(AccountEventKind.PASSWORD_HANDED_OVER, stored, request.user, tell=[stored])
        return response
