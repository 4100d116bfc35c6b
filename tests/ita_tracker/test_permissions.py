"""Who may do what: every address × every role × reading and writing, and the functions that decide it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import date
from typing import Any, Final, cast
from unittest.mock import patch

import pytest
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template import Template
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.access import (
    agency_in_view,
    can_manage_agency,
    can_see_agency,
    can_see_overview,
    can_set_up_agencies,
)
from accounts.models import Agency, Division, Role, User
from accounts.noting import note_rights
from accounts.request import Request
from core.http import NotFound
from ledger.selectors import size_of_log
from measures.access import (
    can_edit_plan,
    can_see_plan,
    can_update_measure,
    get_measure,
    get_measure_to_edit,
    get_measure_to_update,
    get_plan,
    get_plan_to_edit,
    get_step_to_update,
    plans_in_view,
)
from measures.models import Comment, Evidence, Measure, Part, Plan, Responsibility, SavedFilter, Step
from measures.plan_import.services import take_in
from reports.access import get_round
from reports.dashboard import summary
from reports.help import paper
from reports.models import EditionPaper, ReminderSending, Round, RoundState
from reports.new_year.services import open_year
from reports.publication_pack import services as papers
from reports.reminders.messages import STOP
from reports.reminders.services import make_calendar_key
from reports.renderers import FORMATS, Rendered
from tests.conftest import SignIn
from tests.support.factories import (
    PASSWORD,
    YEAR,
    make_edition,
    make_evidence_file,
    make_job,
    make_measure,
    make_papers,
    make_person,
)
from tests.support.html import read
from tests.support.second_factor import give_app
from tests.support.thorough import THOROUGH, in_turn
from tests.support.writes import undone, writes_noted

pytestmark = pytest.mark.django_db

ROLES: Final = (
    "anonymous",
    "stranger",  # the officer of another agency, which has no plan
    "staff",  # of the division that is responsible for the measure
    "other_staff",  # of another division of the same agency
    "officer",
    "executive",
    "overseer",  # asks with ?agency=here
    "far_overseer",  # asks the same, and oversees another province
    "admin",  # keeps the site, belongs to no agency
)

# What each role is answered, in the order of ROLES. A 302 of the anonymous leads to the sign-in page.
# A POST is empty: whoever may write is told what is missing (422), whoever may not is told that (403, 404).
#                              anon  str  sta  oth  off  exe  ove  far  adm
TABLE: Final = {
    ("home", "GET"): "            302  302  302  302  302  302  302  302  302",
    ("home", "POST"): "           302  405  405  405  405  405  405  405  405",
    ("login", "GET"): "           200  302  302  302  302  302  302  302  302",
    ("login", "POST"): "          200  302  302  302  302  302  302  302  302",
    ("account_login", "GET"): "   200  302  302  302  302  302  302  302  302",
    ("account_login", "POST"): "  200  302  302  302  302  302  302  302  302",
    # Nobody is half signed in here: there is no second step to take.
    ("mfa_authenticate", "GET"): "302  302  302  302  302  302  302  302  302",
    ("mfa_authenticate", "POST"): "302 302 302 302 302 302 302 302 302",
    # No provider is set up.
    ("openid_connect_login", "GET"): "404 404 404 404 404 404 404 404 404",
    ("openid_connect_login", "POST"): "405 405 405 405 405 405 405 405 405",
    ("openid_connect_callback", "GET"): "404 404 404 404 404 404 404 404 404",
    ("openid_connect_callback", "POST"): "405 405 405 405 405 405 405 405 405",
    ("logout", "GET"): "          302  405  405  405  405  405  405  405  405",
    ("logout", "POST"): "         302  302  302  302  302  302  302  302  302",
    # No mail is set up.
    ("account_reset_password", "GET"): "404 404 404 404 404 404 404 404 404",
    ("account_reset_password", "POST"): "404 404 404 404 404 404 404 404 404",
    # A link that was never given out.
    ("set_password", "GET"): "    410  410  410  410  410  410  410  410  410",
    ("set_password", "POST"): "   410  410  410  410  410  410  410  410  410",
    # One's own account is everybody's.
    ("account", "GET"): "         302  200  200  200  200  200  200  200  200",
    ("account", "POST"): "        302  422  422  422  422  422  422  422  422",
    ("sign_out_everywhere", "GET"): "302 405 405 405 405 405 405 405 405",
    ("sign_out_everywhere", "POST"): "302 302 302 302 302 302 302 302 302",
    ("sessions", "GET"): "        302  200  200  200  200  200  200  200  200",
    ("sessions", "POST"): "       302  405  405  405  405  405  405  405  405",
    # No session of one's own has this mark: it is over.
    ("sign_out_device", "GET"): " 302  405  405  405  405  405  405  405  405",
    ("sign_out_device", "POST"): "302  302  302  302  302  302  302  302  302",
    ("kept", "GET"): "            302  200  200  200  200  200  200  200  200",
    ("kept", "POST"): "           302  405  405  405  405  405  405  405  405",
    ("kept_file", "GET"): "       302  200  200  200  200  200  200  200  200",
    ("kept_file", "POST"): "      302  405  405  405  405  405  405  405  405",
    ("account_change_password", "GET"): "302 200 200 200 200 200 200 200 200",
    ("account_change_password", "POST"): "302 422 422 422 422 422 422 422 422",
    ("account_reauthenticate", "GET"): "302 200 200 200 200 200 200 200 200",
    ("account_reauthenticate", "POST"): "302 422 422 422 422 422 422 422 422",
    ("mfa_index", "GET"): "       302  200  200  200  200  200  200  200  200",
    ("mfa_index", "POST"): "      302  405  405  405  405  405  405  405  405",
    # The password is asked for again first; what one does not have is not there.
    ("mfa_activate_totp", "GET"): "302 302 302 302 302 302 302 302 302",
    ("mfa_activate_totp", "POST"): "302 302 302 302 302 302 302 302 302",
    ("mfa_deactivate_totp", "GET"): "302 404 404 404 404 404 404 404 404",
    ("mfa_deactivate_totp", "POST"): "302 404 404 404 404 404 404 404 404",
    ("mfa_view_recovery_codes", "GET"): "302 404 404 404 404 404 404 404 404",
    ("mfa_view_recovery_codes", "POST"): "302 405 405 405 405 405 405 405 405",
    ("mfa_generate_recovery_codes", "GET"): "302 302 302 302 302 302 302 302 302",
    ("mfa_generate_recovery_codes", "POST"): "302 302 302 302 302 302 302 302 302",
    ("mfa_download_recovery_codes", "GET"): "302 404 404 404 404 404 404 404 404",
    ("mfa_download_recovery_codes", "POST"): "302 404 404 404 404 404 404 404 404",
    # The tests' host has no HTTPS: no passkeys there.
    ("mfa_add_webauthn", "GET"): "302  404  404  404  404  404  404  404  404",
    ("mfa_add_webauthn", "POST"): "302 404 404 404 404 404 404 404 404",
    ("mfa_remove_webauthn", "GET"): "302 302 302 302 302 302 302 302 302",
    ("mfa_remove_webauthn", "POST"): "302 302 302 302 302 302 302 302 302",
    ("year", "GET"): "            302  302  302  302  302  302  302  404  404",
    ("year", "POST"): "           302  405  405  405  405  405  405  405  405",
    ("job", "GET"): "             302  404  200  200  200  200  200  404  404",
    ("job", "POST"): "            302  405  405  405  405  405  405  405  405",
    ("job_file", "GET"): "302 404 403 403 410 403 403 404 404",
    ("job_file", "POST"): "302 405 405 405 405 405 405 405 405",
    ("cancel_job", "GET"): "      302  405  405  405  405  405  405  405  405",
    ("cancel_job", "POST"): "     302  404  403  403  409  403  403  404  404",
    ("retry_job", "GET"): "       302  405  405  405  405  405  405  405  405",
    ("retry_job", "POST"): "      302  404  403  403  409  403  403  404  404",
    ("divisions", "GET"): "       302  200  403  403  200  403  403  404  404",
    ("divisions", "POST"): "      302  422  403  403  422  403  403  404  404",
    ("agency", "GET"): "          302  200  403  403  200  403  403  404  404",
    ("agency", "POST"): "         302  422  403  403  422  403  403  404  404",
    # Of somebody in the agency who does not approve; acting as approver, and news, of nobody.
    ("people", "GET"): "          302  200  403  403  200  200  403  404  404",
    ("people", "POST"): "         302  405  405  405  405  405  405  405  405",
    ("add_person", "GET"): "      302  200  403  403  200  403  403  404  404",
    ("add_person", "POST"): "     302  422  403  403  422  403  403  404  404",
    ("person", "GET"): "          302  404  403  403  200  403  404  404  200",
    ("person", "POST"): "         302  404  403  403  422  403  404  404  422",
    ("person_password", "GET"): " 302  404  403  403  200  403  404  404  200",
    ("person_password", "POST"): "302  404  403  403  409  403  404  404  409",
    ("person_active", "GET"): "   302  405  405  405  405  405  405  405  405",
    ("person_active", "POST"): "  302  404  403  403  302  403  404  404  302",
    ("acting", "GET"): "          302  200  403  403  200  200  403  404  404",
    ("acting", "POST"): "         302  422  403  403  422  422  403  404  404",
    ("end_acting", "GET"): "      302  405  405  405  405  405  405  405  405",
    ("end_acting", "POST"): "     302  404  403  403  404  404  403  404  404",
    ("confirm_acting", "GET"): "  302  404  403  403  404  404  403  404  404",
    ("confirm_acting", "POST"): " 302  404  403  403  404  404  403  404  404",
    # No executive: there is nothing to confirm.
    ("executive", "GET"): "       302  404  403  403  403  404  404  404  404",
    ("executive", "POST"): "      302  404  403  403  403  404  404  404  404",
    ("people_log", "GET"): "      302  200  403  403  200  403  403  404  200",
    ("people_log", "POST"): "     302  405  405  405  405  405  405  405  405",
    ("refused_sign_ins", "GET"): "302  200  403  403  200  403  403  404  200",
    ("refused_sign_ins", "POST"): "302 405 405 405 405 405 405 405 405",
    ("read_news", "GET"): "       302  405  405  405  405  405  405  405  405",
    ("read_news", "POST"): "      302  302  302  302  302  302  302  302  302",
    ("districts", "GET"): "       302  200  200  200  200  200  200  200  200",
    ("districts", "POST"): "      302  405  405  405  405  405  405  405  405",
    # Of a seal that there is not: whoever asks, it is not found.
    ("seal", "GET"): "            404  404  404  404  404  404  404  404  404",
    ("seal", "POST"): "           405  405  405  405  405  405  405  405  405",
    ("start", "GET"): "           302  302  403  403  302  403  403  403  302",
    ("start", "POST"): "          302  405  405  405  405  405  405  405  405",
    ("start_agency", "GET"): "    302  403  403  403  403  403  403  403  200",
    ("start_agency", "POST"): "   302  403  403  403  403  403  403  403  422",
    ("start_divisions", "GET"): " 302  200  403  403  200  403  403  404  404",
    ("start_divisions", "POST"): "302  422  403  403  422  403  403  404  404",
    ("start_people", "GET"): "    302  200  403  403  200  403  403  404  404",
    ("start_people", "POST"): "   302  422  403  403  422  403  403  404  404",
    ("start_plan", "GET"): "      302  200  403  403  200  403  403  404  404",
    ("start_plan", "POST"): "     302  422  403  403  422  403  403  404  404",
    ("site_admin", "GET"): "      302  403  403  403  403  403  403  403  200",
    ("site_admin", "POST"): "     302  405  405  405  405  405  405  405  405",
    ("agencies_template", "GET"): "302 403 403 403 403 403 403 403 200",
    ("agencies_template", "POST"): "302 405 405 405 405 405 405 405 405",
    ("work", "GET"): "            302  404  200  200  404  404  404  404  404",
    ("work", "POST"): "           302  405  405  405  405  405  405  405  405",
    ("plans", "GET"): "           302  302  302  302  302  302  302  404  404",
    ("plans", "POST"): "          302  405  405  405  405  405  405  405  405",
    ("plan", "GET"): "            302  404  200  200  200  200  200  404  404",
    ("plan", "POST"): "           302  405  405  405  405  405  405  405  405",
    ("keep_filter", "GET"): "     302  405  405  405  405  405  405  405  405",
    ("keep_filter", "POST"): "    302  404  422  422  422  422  422  404  404",
    # One of somebody else's: for everybody but its person it is not there.
    ("drop_filter", "GET"): "     302  405  405  405  405  405  405  405  405",
    ("drop_filter", "POST"): "    302  404  404  404  404  404  404  404  404",
    ("edit_plan", "GET"): "       302  404  403  403  200  403  403  404  404",
    ("edit_plan", "POST"): "      302  405  405  405  405  405  405  405  405",
    ("add_measure", "GET"): "     302  404  403  403  200  403  403  404  404",
    ("add_measure", "POST"): "    302  404  403  403  422  403  403  404  404",
    ("change_many", "GET"): "     302  405  405  405  405  405  405  405  405",
    ("change_many", "POST"): "    302  404  422  422  422  403  403  404  404",
    ("sheet", "GET"): "           302  404  200  200  200  403  403  404  404",
    ("sheet", "POST"): "          302  404  422  422  422  403  403  404  404",
    ("bundle", "GET"): "302 404 200 200 200 200 403 404 404",
    ("bundle", "POST"): "302 404 302 302 302 302 403 404 404",
    ("plan_workbook", "GET"): "   302  404  200  200  200  403  403  404  404",
    ("plan_workbook", "POST"): "  302  405  405  405  405  405  405  405  405",
    ("import_plan", "GET"): "     302  302  403  403  200  403  403  404  404",
    ("import_plan", "POST"): "    302  302  403  403  422  403  403  404  404",
    ("import_sample", "GET"): "302 200 403 403 200 403 403 404 404",
    ("import_sample", "POST"): "302 405 405 405 405 405 405 405 405",
    ("import_preview", "GET"): "  302  404  403  403  200  403  403  404  404",
    ("import_preview", "POST"): " 302  405  405  405  405  405  405  405  405",
    ("import_read", "GET"): "302 405 405 405 405 405 405 405 405",
    ("import_read", "POST"): "302 404 403 403 302 403 403 404 404",
    ("import_year", "GET"): "302 405 405 405 405 405 405 405 405",
    ("import_year", "POST"): "302 404 403 403 302 403 403 404 404",
    ("import_copied", "GET"): "302 405 405 405 405 405 405 405 405",
    ("import_copied", "POST"): "302 404 403 403 422 403 403 404 404",
    ("import_choose", "GET"): "302 405 405 405 405 405 405 405 405",
    ("import_choose", "POST"): "302 404 403 403 404 403 403 404 404",
    ("import_forget", "GET"): "302 405 405 405 405 405 405 405 405",
    ("import_forget", "POST"): "302 404 403 403 404 403 403 404 404",
    ("import_columns", "GET"): "  302  405  405  405  405  405  405  405  405",
    ("import_columns", "POST"): " 302  404  403  403  422  403  403  404  404",
    ("import_measure", "GET"): "  302  404  403  403  200  403  403  404  404",
    ("import_measure", "POST"): " 302  404  403  403  422  403  403  404  404",
    ("import_apply", "GET"): "    302  405  405  405  405  405  405  405  405",
    ("import_apply", "POST"): "   302  404  403  403  302  403  403  404  404",
    # Of an import that is not applied there is nothing to put back.
    ("import_undo", "GET"): "     302  404  403  403  404  403  403  404  404",
    ("import_undo", "POST"): "    302  404  403  403  404  403  403  404  404",
    ("measure", "GET"): "         302  404  200  200  200  200  200  404  404",
    ("measure", "POST"): "        302  404  422  403  422  403  403  404  404",
    # The part of the first division in a measure that belongs to both.
    ("part", "GET"): "            302  404  200  200  200  200  200  404  404",
    ("part", "POST"): "           302  404  422  403  422  403  403  404  404",
    ("edit_measure", "GET"): "    302  404  403  403  200  403  403  404  404",
    ("edit_measure", "POST"): "   302  404  403  403  422  403  403  404  404",
    ("move_measure", "GET"): "    302  405  405  405  405  405  405  405  405",
    ("move_measure", "POST"): "   302  404  403  403  302  403  403  404  404",
    ("delete_measure", "GET"): "  302  404  403  403  200  403  403  404  404",
    ("delete_measure", "POST"): " 302  404  403  403  302  403  403  404  404",
    ("tick_step", "GET"): "       302  405  405  405  405  405  405  405  405",
    ("tick_step", "POST"): "      302  404  302  403  302  403  403  404  404",
    ("add_comment", "GET"): "     302  405  405  405  405  405  405  405  405",
    ("add_comment", "POST"): "    302  404  422  403  422  422  403  404  404",
    ("put_back", "GET"): "        302  405  405  405  405  405  405  405  405",
    ("put_back", "POST"): "       302  404  409  403  409  403  403  404  404",
    ("add_evidence", "GET"): "    302  405  405  405  405  405  405  405  405",
    ("add_evidence", "POST"): "   302  404  422  403  422  403  403  404  404",
    # It is private, and nobody has granted the overseer to see what is.
    ("remove_evidence", "GET"): " 302  405  405  405  405  405  405  405  405",
    ("remove_evidence", "POST"): "302  404  302  403  302  403  404  404  404",
    ("publish_evidence", "GET"): "302  405  405  405  405  405  405  405  405",
    ("publish_evidence", "POST"): "302 404 302 403 302 403 404 404 404",
    ("evidence_file", "GET"): "   302  404  200  200  200  200  404  404  404",
    ("evidence_file", "POST"): "  302  405  405  405  405  405  405  405  405",
    ("evidence_thumbnail", "GET"): "302 404 404 404 404 404 404 404 404",
    ("evidence_thumbnail", "POST"): "302 405 405 405 405 405 405 405 405",
    ("reuse_evidence", "GET"): "  302  404  200  403  200  403  404  404  404",
    ("reuse_evidence", "POST"): " 302  404  422  403  422  403  404  404  404",
    ("no_plan", "GET"): "         302  200  200  200  200  200  200  404  404",
    ("no_plan", "POST"): "        302  422  403  403  422  403  403  404  404",
    ("dashboard", "GET"): "       302  302  200  200  200  200  200  404  404",
    ("dashboard", "POST"): "      302  405  405  405  405  405  405  405  405",
    ("dashboard_pdf", "GET"): "   302  404  200  200  200  200  200  404  404",
    ("dashboard_pdf", "POST"): "  302  405  405  405  405  405  405  405  405",
    ("overview_csv", "GET"): "    302  403  403  403  403  403  200  200  403",
    ("overview_csv", "POST"): "   302  405  405  405  405  405  405  405  405",
    ("overview", "GET"): "        302  403  403  403  403  403  200  200  403",
    ("overview", "POST"): "       302  405  405  405  405  405  405  405  405",
    ("reports", "GET"): "         302  302  200  200  200  200  200  404  404",
    ("reports", "POST"): "        302  405  405  405  405  405  405  405  405",
    ("report", "GET"): "          302  404  200  200  200  200  200  404  404",
    ("report", "POST"): "         302  405  405  405  405  405  405  405  405",
    ("download", "GET"): "        302  404  200  200  200  200  200  404  404",
    ("download", "POST"): "       302  405  405  405  405  405  405  405  405",
    ("edition", "GET"): "         302  404  200  200  200  200  200  404  404",
    ("edition", "POST"): "        302  405  405  405  405  405  405  405  405",
    ("papers", "GET"): "          302  404  403  403  200  403  403  404  404",
    ("papers", "POST"): "         302  404  403  403  302  403  403  404  404",
    ("paper", "GET"): "           302  404  403  403  200  403  403  404  404",
    ("paper", "POST"): "          302  405  405  405  405  405  405  405  405",
    ("pack_zip", "GET"): "        302  404  403  403  409  403  403  404  404",
    ("pack_zip", "POST"): "       302  405  405  405  405  405  405  405  405",
    ("paper_templates", "GET"): " 302  200  403  403  200  403  403  404  404",
    ("paper_templates", "POST"): "302  422  403  403  422  403  403  404  404",
    ("paper_template_file", "GET"): " 302 200 403 403 200 403 403 404 404",
    ("paper_template_file", "POST"): "302 405 405 405 405 405 405 405 405",
    ("edition_files", "GET"): "   302  404  302  302  302  302  302  404  404",
    ("edition_files", "POST"): "  302  404  403  403  409  403  403  404  404",
    ("round_changes", "GET"): "   302  404  200  200  200  200  200  404  404",
    ("round_changes", "POST"): "  302  405  405  405  405  405  405  405  405",
    ("round_history", "GET"): "   302  404  200  200  200  200  200  404  404",
    ("round_history", "POST"): "  302  405  405  405  405  405  405  405  405",
    ("submit_round", "GET"): "    302  405  405  405  405  405  405  405  405",
    ("submit_round", "POST"): "   302  404  403  403  422  403  403  404  404",
    ("withdraw_round", "GET"): "  302  405  405  405  405  405  405  405  405",
    ("withdraw_round", "POST"): " 302  404  403  403  409  403  403  404  404",
    ("approve_round", "GET"): "   302  405  405  405  405  405  405  405  405",
    ("approve_round", "POST"): "  302  404  403  403  403  409  403  404  404",
    ("return_round", "GET"): "    302  405  405  405  405  405  405  405  405",
    ("return_round", "POST"): "   302  404  403  403  403  409  403  404  404",
    ("reopen_round", "GET"): "    302  405  405  405  405  405  405  405  405",
    ("reopen_round", "POST"): "   302  404  403  403  409  403  403  404  404",
    ("publish_round", "GET"): "   302  405  405  405  405  405  405  405  405",
    ("publish_round", "POST"): "  302  404  403  403  409  403  403  404  404",
    ("unpublish_round", "GET"): " 302  405  405  405  405  405  405  405  405",
    ("unpublish_round", "POST"): "302  404  403  403  409  403  403  404  404",
    ("answer_oit", "GET"): "      302  405  405  405  405  405  405  405  405",
    ("answer_oit", "POST"): "     302  404  403  403  422  403  403  404  404",
    ("attach_scan", "GET"): "     302  405  405  405  405  405  405  405  405",
    ("attach_scan", "POST"): "    302  404  403  403  409  403  403  404  404",
    ("show_scan", "GET"): "       302  405  405  405  405  405  405  405  405",
    ("show_scan", "POST"): "      302  404  403  403  409  403  403  404  404",
    # Of an edition without one.
    ("scan_file", "GET"): "       302  404  404  404  404  404  404  404  404",
    ("scan_file", "POST"): "      302  405  405  405  405  405  405  405  405",
    ("reminders", "GET"): "       302  200  200  200  200  200  200  200  200",
    ("reminders", "POST"): "      302  405  405  405  405  405  405  405  405",
    ("reminder_switch", "GET"): " 302  405  405  405  405  405  405  405  405",
    ("reminder_switch", "POST"): "302  302  302  302  302  302  302  302  302",
    ("own_calendar", "GET"): "    302  405  405  405  405  405  405  405  405",
    ("own_calendar", "POST"): "   302  302  302  302  302  302  302  302  302",
    ("line_group", "GET"): "      302  405  405  405  405  405  405  405  405",
    ("line_group", "POST"): "     302  302  403  403  302  403  403  404  404",
    ("repeat_reminder", "GET"): " 302  405  405  405  405  405  405  405  405",
    # One that was sent: who may repeat one is told so, and nothing is sent.
    ("repeat_reminder", "POST"): "302  404  403  403  302  403  404  404  404",
    # The links that a mail and a calendar program bring along.
    ("stop_reminders", "GET"): "  200  200  200  200  200  200  200  200  200",
    ("stop_reminders", "POST"): " 200  200  200  200  200  200  200  200  200",
    ("calendar_feed", "GET"): "   200  200  200  200  200  200  200  200  200",
    ("calendar_feed", "POST"): "  405  405  405  405  405  405  405  405  405",
    ("public", "GET"): "          200  200  200  200  200  200  200  200  200",
    ("public", "POST"): "         405  405  405  405  405  405  405  405  405",
    ("public_feed", "GET"): "     200  200  200  200  200  200  200  200  200",
    ("public_feed", "POST"): "    405  405  405  405  405  405  405  405  405",
    ("data_dictionary", "GET"): " 200  200  200  200  200  200  200  200  200",
    ("data_dictionary", "POST"): "405  405  405  405  405  405  405  405  405",
    ("report_schema", "GET"): "   200  200  200  200  200  200  200  200  200",
    ("report_schema", "POST"): "  405  405  405  405  405  405  405  405  405",
    ("public_check", "GET"): "    200  200  200  200  200  200  200  200  200",
    # Without a file.
    ("public_check", "POST"): "   422  422  422  422  422  422  422  422  422",
    ("public_log", "GET"): "200  200  200  200  200  200  200  200  200",
    ("public_log", "POST"): "405  405  405  405  405  405  405  405  405",
    ("public_log_heads", "GET"): "200  200  200  200  200  200  200  200  200",
    ("public_log_heads", "POST"): "405  405  405  405  405  405  405  405  405",
    ("public_log_heads_json", "GET"): "200  200  200  200  200  200  200  200  200",
    ("public_log_heads_json", "POST"): "405  405  405  405  405  405  405  405  405",
    # From which size is not said.
    ("public_log_consistency", "GET"): "404  404  404  404  404  404  404  404  404",
    ("public_log_consistency", "POST"): "405  405  405  405  405  405  405  405  405",
    ("public_log_line", "GET"): "200  200  200  200  200  200  200  200  200",
    ("public_log_line", "POST"): "405  405  405  405  405  405  405  405  405",
    ("public_log_inclusion", "GET"): "200  200  200  200  200  200  200  200  200",
    ("public_log_inclusion", "POST"): "405  405  405  405  405  405  405  405  405",
    ("public_agency", "GET"): "   200  200  200  200  200  200  200  200  200",
    ("public_agency", "POST"): "  405  405  405  405  405  405  405  405  405",
    ("public_agency_feed", "GET"): "200 200 200 200 200 200 200 200 200",
    ("public_agency_feed", "POST"): "405 405 405 405 405 405 405 405 405",
    ("public_report", "GET"): "   200  200  200  200  200  200  200  200  200",
    ("public_report", "POST"): "  405  405  405  405  405  405  405  405  405",
    ("public_download", "GET"): " 200  200  200  200  200  200  200  200  200",
    ("public_download", "POST"): "405  405  405  405  405  405  405  405  405",
    ("public_changes", "GET"): "  404  404  404  404  404  404  404  404  404",
    ("public_changes", "POST"): " 405  405  405  405  405  405  405  405  405",
    ("public_edition", "GET"): "  200  200  200  200  200  200  200  200  200",
    ("public_edition", "POST"): " 405  405  405  405  405  405  405  405  405",
    ("public_edition_download", "GET"): "200 200 200 200 200 200 200 200 200",
    ("public_edition_download", "POST"): "405 405 405 405 405 405 405 405 405",
    ("public_scan", "GET"): "     404  404  404  404  404  404  404  404  404",
    ("public_scan", "POST"): "    405  405  405  405  405  405  405  405  405",
    ("public_picture", "GET"): "  200  200  200  200  200  200  200  200  200",
    ("public_picture", "POST"): " 405  405  405  405  405  405  405  405  405",
    ("public_edition_picture", "GET"): "200 200 200 200 200 200 200 200 200",
    ("public_edition_picture", "POST"): "405 405 405 405 405 405 405 405 405",
    ("public_evidence", "GET"): " 404  404  404  404  404  404  404  404  404",
    ("public_evidence", "POST"): "405  405  405  405  405  405  405  405  405",
    ("help", "GET"): "            200  200  200  200  200  200  200  200  200",
    ("help", "POST"): "           405  405  405  405  405  405  405  405  405",
    ("help_part", "GET"): "       200  200  200  200  200  200  200  200  200",
    ("help_part", "POST"): "      405  405  405  405  405  405  405  405  405",
    ("help_file", "GET"): "       200  200  200  200  200  200  200  200  200",
    ("help_file", "POST"): "      405  405  405  405  405  405  405  405  405",
    ("sitemap", "GET"): "         200  200  200  200  200  200  200  200  200",
    ("sitemap", "POST"): "        405  405  405  405  405  405  405  405  405",
    ("privacy", "GET"): "         200  200  200  200  200  200  200  200  200",
    ("privacy", "POST"): "        405  405  405  405  405  405  405  405  405",
    ("accessibility", "GET"): "   200  200  200  200  200  200  200  200  200",
    ("accessibility", "POST"): "  405  405  405  405  405  405  405  405  405",
    ("styleguide", "GET"): "      404  404  404  404  404  404  404  404  404",
    ("styleguide", "POST"): "     405  405  405  405  405  405  405  405  405",
    ("healthz", "GET"): "         200  200  200  200  200  200  200  200  200",
    ("healthz", "POST"): "        405  405  405  405  405  405  405  405  405",
    ("readyz", "GET"): "          200  200  200  200  200  200  200  200  200",
    ("readyz", "POST"): "         405  405  405  405  405  405  405  405  405",
    ("admin:index", "GET"): "     302  302  302  302  302  302  302  302  200",
}

# What these change is not told by an error in a form.
WRITES: Final = {
    "import_apply",
    "move_measure",
    "delete_measure",
    "tick_step",
    "remove_evidence",
    "publish_evidence",
    "papers",
}


PASTED: Final = "ตัวชี้วัดที่\tมาตรการ\tขั้นตอน\n1\tมาตรการใหม่\t1. ขั้นแรก\n".encode()


def sent_reminder(agency: Agency) -> ReminderSending:
    """A reminder to the agency's group that was sent."""
    found, _ = ReminderSending.objects.get_or_create(
        agency=agency,
        channel="line",
        kind="late",
        day=date(2023, 4, 1),
        defaults={"state": "sent", "noted_at": timezone.now(), "sent_at": timezone.now()},
    )
    return found


def calendar_key(person: User) -> str:
    """The secret part of the address of a person's calendar."""
    if not person.calendar_key:
        make_calendar_key(person)
    return person.calendar_key


def line_of_the_log(person: User) -> int:
    """A line of which everybody may see the hash."""
    if not size_of_log():
        with transaction.atomic():
            note_rights(person.pk)
    return 1


def address(name: str, measure: Measure) -> str:
    """The address of a named route for the objects of these tests."""
    return reverse(name, args=arguments(measure).get(name, []))


def addresses_of(measure: Measure) -> dict[str, str]:
    """The address of every named route of the table; what they name is made once."""
    args = arguments(measure)
    return {name: reverse(name, args=args.get(name, [])) for name, _ in TABLE}


def arguments(measure: Measure) -> dict[str, list[Any]]:
    """What stands in the address of each named route; makes what these name, if it is not there."""
    step = measure.steps.order_by("position")[0]
    proof = measure.evidence.first() or make_evidence_file(measure)
    taken = (measure.plan.imports.first() or take_in(measure.plan, "", PASTED, None)).pk
    # Of the administrator, who sees no plan: whoever asks, it is somebody else's.
    someone = User.objects.get(username="admin")
    line = line_of_the_log(someone)
    agency = measure.plan.agency
    kept, _ = SavedFilter.objects.get_or_create(person=someone, agency=agency, name="ล่าช้า", status="late")
    job = agency.jobs.first() or make_job(agency)
    part = Part.objects.filter(measure__plan=measure.plan).order_by("division__position").first()
    if part is None:
        shared = make_measure(measure.plan, "ร่วมกัน", position=9, divisions=2, by_division=True)
        part = shared.parts.order_by("division__position")[0]
    return {
        "sign_out_device": ["0123456789abcdef"],
        "person": [User.objects.get(username="other_staff").pk],
        "person_password": [User.objects.get(username="other_staff").pk],
        "person_active": [User.objects.get(username="other_staff").pk],
        "executive": [User.objects.get(username="other_staff").pk],
        "end_acting": [1],
        "confirm_acting": [1],
        "read_news": [1],
        "job": [job.pk],
        "job_file": [job.pk],
        "cancel_job": [job.pk],
        "retry_job": [job.pk],
        "plan": [YEAR],
        "sheet": [YEAR],
        "bundle": [YEAR],
        "plan_workbook": [YEAR],
        "change_many": [YEAR],
        "keep_filter": [YEAR],
        "drop_filter": [YEAR, kept.pk],
        "edit_plan": [YEAR],
        "add_measure": [YEAR],
        "import_preview": [taken],
        "import_read": [taken],
        "import_columns": [taken],
        "import_year": [taken],
        "import_sample": ["form.xlsx"],
        "import_copied": [taken],
        "import_choose": [taken],
        "import_forget": [taken],
        "import_measure": [taken, 0],
        "import_apply": [taken],
        "import_undo": [taken],
        "measure": [measure.pk],
        "part": [part.pk],
        "edit_measure": [measure.pk],
        "move_measure": [measure.pk],
        "delete_measure": [measure.pk],
        "tick_step": [step.pk],
        "put_back": [measure.pk],
        "add_comment": [measure.pk],
        "add_evidence": [measure.pk],
        "remove_evidence": [proof.pk],
        "publish_evidence": [proof.pk],
        "evidence_file": [proof.pk],
        "evidence_thumbnail": [proof.pk],
        "reuse_evidence": [proof.pk],
        "report": [YEAR, 6],
        "download": [YEAR, 6, "pdf"],
        "edition": [YEAR, 12, 1, "pdf"],
        "papers": [YEAR, 12, 1],
        "paper": [YEAR, 12, 1, 1, "memo", "docx"],
        "pack_zip": [YEAR, 12, 1],
        "paper_template_file": ["memo"],
        "edition_files": [YEAR, 6],
        "round_history": [YEAR, 12],
        "round_changes": [YEAR, 12, "csv"],
        "submit_round": [YEAR, 6],
        "withdraw_round": [YEAR, 6],
        "approve_round": [YEAR, 6],
        "return_round": [YEAR, 6],
        "reopen_round": [YEAR, 6],
        "publish_round": [YEAR, 6],
        "unpublish_round": [YEAR, 6],
        "answer_oit": [YEAR, 6],
        "report_schema": [1],
        "attach_scan": [YEAR, 6],
        "show_scan": [YEAR, 6],
        "scan_file": [YEAR, 12, 1],
        "public_log_line": [line],
        "public_log_inclusion": [line],
        "public_agency": ["here"],
        "public_agency_feed": ["here"],
        "public_report": ["here", YEAR, 12],
        "public_download": ["here", YEAR, 12, "pdf"],
        # Of that year only the twelve-month report is published.
        "public_changes": ["here", YEAR, "csv"],
        "public_edition": ["here", YEAR, 12, 1],
        "public_edition_download": ["here", YEAR, 12, 1, "pdf"],
        "public_scan": ["here", YEAR, 12, 1],
        "public_picture": ["here", YEAR, 12],
        "public_edition_picture": ["here", YEAR, 12, 1],
        "public_evidence": ["here", proof.pk],
        "seal": ["0" * 64, "png"],
        "openid_connect_login": ["office"],
        "openid_connect_callback": ["office"],
        "set_password": ["MQ", "x"],
        "mfa_remove_webauthn": [1],
        "repeat_reminder": [sent_reminder(agency).pk],
        "stop_reminders": [signing.dumps(someone.pk, salt=STOP)],
        "calendar_feed": [calendar_key(someone)],
        "help_part": ["officer"],
        "help_file": ["officer"],
    }


def state() -> list[Any]:
    """What is stored of the plan, and every line of its history."""
    return [
        list(Measure.objects.order_by("pk").values()),
        list(Step.objects.order_by("pk").values()),
        list(Division.objects.order_by("pk").values()),
        list(Plan.objects.order_by("pk").values()),
        list(Evidence.objects.order_by("pk").values()),
        Measure.history.count(),
        Step.history.count(),
        SavedFilter.objects.count(),
        Comment.objects.count(),
        EditionPaper.objects.count(),
    ]


@pytest.fixture
def published(measure: Measure, people: dict[str, User]) -> None:
    """A published edition of the twelve-month round; its file is a stand-in."""
    edition = make_edition(Round.objects.select_related("plan__agency").get(plan=measure.plan, months=12))
    make_papers(edition, User.objects.get(username="officer"))
    # Open again, as it is after a correction was begun: what is asked of the other round is asked of none.
    Round.objects.update(state=RoundState.OPEN)


@pytest.fixture
def people(people: dict[str, User]) -> dict[str, User]:
    """The people of all tests, and an overseer of another province."""
    far = make_person("far_overseer", Role.OVERSEER)
    User.objects.filter(pk=far.pk).update(oversees_everywhere=False, overseen_provinces=["ตรัง"])
    far.refresh_from_db()
    return {**people, "far_overseer": far}


@pytest.fixture
def files_take_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who gets a file is asked here; what is in it is another test's question."""
    monkeypatch.setitem(FORMATS, "pdf", replace(FORMATS["pdf"], make=lambda _: Rendered(b"%PDF-")))
    monkeypatch.setattr(papers, "paper_pdf", lambda *_: b"%PDF-")
    monkeypatch.setattr(paper, "make_pdf", lambda *_: Rendered(b"%PDF-"))
    monkeypatch.setattr(summary, "_make", lambda *_: Rendered(b"%PDF-"))


def asks_as(role: str) -> dict[str, Any]:
    """What an overseer has to say in each address: whose page it is."""
    return {"QUERY_STRING": "agency=here"} if role.endswith("overseer") else {}


def asked_of(role: str) -> Iterator[tuple[str, str]]:
    """The lines of the table that a role is tried on.

    What all who are signed in are answered alike they try in turn, and in the long form all of them.
    """
    place = ROLES.index(role)
    alike = [line for line, statuses in TABLE.items() if len(set(statuses.split()[1:])) == 1]
    of_role = set(alike if place == 0 else in_turn(alike, place, 3))
    return (line for line in TABLE if line in of_role or line not in alike)


@contextmanager
def drawn(drawn: bool) -> Iterator[None]:
    """Whether pages are drawn inside. Who is answered what is decided before that; test_page_habits.py draws
    every page.
    """
    with nullcontext() if drawn else patch.object(Template, "_render", lambda *_: ""):
        yield


@pytest.mark.usefixtures("published", "files_take_no_time", "nothing_waits")
@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_every_role_as_agreed(sign_in: SignIn, measure: Measure, role: str) -> None:
    place, signed_in = ROLES.index(role), sign_in(role)
    addresses = addresses_of(measure)
    answered: dict[tuple[str, str], int] = {}
    before = state()
    lines = list(asked_of(role))
    looked_at = set(in_turn(lines, place, 3))
    for name, method in lines:
        client = as_signed_in(signed_in)
        with undone(), writes_noted() as noted, drawn((name, method) in looked_at):
            response = client.generic(method, addresses[name], **asks_as(role))
            answered[name, method] = response.status_code
            leads_elsewhere = name in {"admin:index", "logout", "mfa_authenticate"}
            if role == "anonymous" and response.status_code == 302 and not leads_elsewhere:
                assert response["Location"].startswith(reverse("login") + "?next="), name
            if noted and (name not in WRITES or response.status_code != 302 or role == "anonymous"):
                assert state() == before, (name, method)
    agreed = {key: int(TABLE[key].split()[place]) for key in lines}
    assert {key: status for key, status in answered.items() if status != agreed[key]} == {}


def test_every_line_of_the_table_is_tried_by_somebody_signed_in_and_by_nobody() -> None:
    tried = {role: set(asked_of(role)) for role in ROLES}
    assert tried["anonymous"] == set(TABLE)
    for line, statuses in TABLE.items():
        answers = dict(zip(ROLES, statuses.split(), strict=True))
        who = [role for role in ROLES[1:] if line in tried[role]]
        assert len(who) >= 2
        if len({answers[role] for role in ROLES[1:]}) > 1:
            assert who == list(ROLES[1:])


def as_signed_in(signed_in: Client) -> Client:
    """A client of the same session: whom an answer signs out is signed in at the next address."""
    client = Client()
    client.handler = signed_in.handler
    client.cookies.update(signed_in.cookies)
    return client


OTHER_METHODS: Final = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")


@pytest.mark.usefixtures("published", "files_take_no_time", "nothing_waits")
@pytest.mark.parametrize("role", ROLES)
def test_no_other_method_does_anything(sign_in: SignIn, measure: Measure, role: str) -> None:
    place, signed_in = ROLES.index(role), sign_in(role)
    asked = [(name, method) for name in dict.fromkeys(name for name, _ in TABLE) for method in OTHER_METHODS]
    addresses = addresses_of(measure)
    wrong = {}
    for name, method in in_turn(asked, place, len(ROLES)):
        client = as_signed_in(signed_in)
        # What is sent would do something as a POST, and some servers let a header say that it is one.
        headers = {"X-HTTP-Method-Override": "POST"}
        body, kind = "done=1&active=0&public=0&on=0&to=down&_method=POST", "application/x-www-form-urlencoded"
        with undone(), writes_noted() as noted, drawn(THOROUGH):
            response = client.generic(
                method, addresses[name], body, content_type=kind, headers=headers, **asks_as(role)
            )
        got = int(TABLE[name, "GET"].split()[place])
        # A page of a class says by itself which methods it has.
        fits = {got} if method == "HEAD" else {405, got} | ({200} if method == "OPTIONS" else set())
        if response.status_code not in fits or noted:
            wrong[name, method] = response.status_code, noted
    assert wrong == {}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_form_without_fields_is_not_sent_by_another_method(
    sign_in: SignIn, people: dict[str, User], method: str
) -> None:
    give_app(people["officer"])
    officer = sign_in("officer")
    data = {"password": PASSWORD}
    assert officer.post(reverse("account_reauthenticate"), data).status_code == 302
    assert officer.generic(method, reverse("mfa_deactivate_totp")).status_code == 405
    assert officer.get(reverse("mfa_deactivate_totp")).status_code == 200


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """The names of all routes, those of the administrator's pages left out."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from routes(pattern, prefix)
        else:
            assert isinstance(pattern, URLPattern)
            assert pattern.name, f"{pattern.pattern} has no name"
            yield pattern.name


def test_no_route_is_without_a_line_in_the_table() -> None:
    named = list(routes(get_resolver()))
    for method in ("GET", "POST"):
        listed = {name for name, of in TABLE if of == method and not name.startswith("admin:")}
        assert set(named) == listed
    assert len(named) == len(set(named)) == 156


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_a_closed_plan_refuses_every_change(sign_in: SignIn, plan: Plan, measure: Measure, role: str) -> None:
    plan.closed_at = timezone.now()
    plan.save()
    client, addresses = sign_in(role), addresses_of(measure)
    before = state()
    for name in (
        *("measure", "tick_step", "put_back", "edit_measure", "move_measure", "delete_measure"),
        *("add_measure", "add_evidence", "remove_evidence"),
    ):
        response = client.post(addresses[name], {"done": "1", "to": "down"})
        assert response.status_code == 403, name
        assert state() == before, name


# What the menu and the choice of year lead to is a page; what no link leads to any more is refused.
CLOSED: Final = {
    "edit_plan": 200,
    "add_measure": 403,
    "edit_measure": 403,
    "delete_measure": 403,
    "import_preview": 403,
    "sheet": 403,
}


def test_a_closed_plan_has_no_pages_to_edit_it_and_says_why(
    sign_in: SignIn, plan: Plan, measure: Measure
) -> None:
    officer, addresses = sign_in("officer"), addresses_of(measure)
    for name in CLOSED:
        open_page = officer.get(addresses[name])
        assert open_page.status_code == 200, name
        assert "ปิดแล้วเมื่อ" not in open_page.content.decode(), name
    plan.closed_at = timezone.now()
    plan.save()
    for name, status in CLOSED.items():
        closed_page = officer.get(addresses[name])
        assert closed_page.status_code == status, name
        assert "แผนปีงบประมาณ พ.ศ. 2566 ปิดแล้วเมื่อ" in closed_page.content.decode(), name
        assert f"{reverse('report', args=[YEAR, 12])}?correct=1#correct" in closed_page.content.decode(), name
        assert read(closed_page).one("main").all("form") == [], name


IN_VIEW: Final = ["year", "plans", "plan", "no_plan", "dashboard", "dashboard_pdf", "reports", "report"]


@pytest.mark.parametrize("query", ["?agency=nowhere", "?agency=", "", "?agency=%00"])
def test_the_overseer_has_to_name_an_agency_that_exists(
    sign_in: SignIn, measure: Measure, query: str
) -> None:
    overseer, addresses = sign_in("overseer"), addresses_of(measure)
    answers = {name: overseer.get(addresses[name] + query).status_code for name in IN_VIEW}
    assert answers == dict.fromkeys(IN_VIEW, 404)


@pytest.mark.parametrize("role", ["officer", "executive", "staff"])
def test_nobody_else_learns_whether_another_agency_exists(
    sign_in: SignIn, people: dict[str, User], measure: Measure, role: str
) -> None:
    elsewhere = people["stranger"].agency
    assert elsewhere is not None
    open_year(elsewhere, YEAR)
    client, addresses = sign_in(role), addresses_of(measure)
    for name in (*IN_VIEW, "divisions", "edit_plan", "add_measure"):
        for slug in ("elsewhere", "nowhere"):
            response = client.get(f"{addresses[name]}?agency={slug}")
            assert response.status_code == 404, (name, slug)
            assert elsewhere.name not in response.content.decode(), (name, slug)


@pytest.mark.usefixtures("files_take_no_time")
def test_naming_the_own_agency_changes_nothing(sign_in: SignIn, measure: Measure) -> None:
    client, addresses = sign_in("officer"), addresses_of(measure)
    for name in IN_VIEW:
        path = addresses[name]
        # What the page without it is answered says the table.
        answer = int(TABLE[name, "GET"].split()[ROLES.index("officer")])
        assert client.get(f"{path}?agency=here").status_code == answer, name


def test_the_overseer_sees_the_agency_that_is_named(
    sign_in: SignIn, people: dict[str, User], measure: Measure
) -> None:
    elsewhere = people["stranger"].agency
    assert elsewhere is not None
    make_measure(open_year(elsewhere, YEAR), "มาตรการของหน่วยงานอื่น")
    page = sign_in("overseer").get(reverse("plan", args=[YEAR]) + "?agency=elsewhere").content.decode()
    assert "มาตรการของหน่วยงานอื่น" in page
    assert sign_in("overseer").get(reverse("dashboard") + "?agency=elsewhere").status_code == 200


# --- The functions, asked directly ---------------------------------------------------------------------


def asked_by(user: User, query: str = "") -> Request:
    request = RequestFactory().get(f"/?{query}")
    request.user = user
    return cast(Request, request)


def allowed(people: dict[str, User], question: Any, subject: Any) -> set[str]:
    return {name for name, user in people.items() if question(user, subject)}


OWN: Final = {"staff", "other_staff", "officer", "executive"}


def test_who_sees_an_agency_and_its_plan(people: dict[str, User], plan: Plan) -> None:
    assert allowed(people, can_see_agency, plan.agency) == {*OWN, "overseer"}
    assert allowed(people, can_see_plan, plan) == {*OWN, "overseer"}


def test_who_manages_an_agency_and_edits_its_plan(people: dict[str, User], plan: Plan) -> None:
    assert allowed(people, can_manage_agency, plan.agency) == {"officer"}
    assert allowed(people, can_edit_plan, plan) == {"officer"}
    plan.closed_at = timezone.now()
    assert allowed(people, can_edit_plan, plan) == set()
    # A closed plan says nothing about the agency's divisions and people.
    assert allowed(people, can_manage_agency, plan.agency) == {"officer"}


def test_who_has_the_list_of_agencies(people: dict[str, User]) -> None:
    assert {name for name, user in people.items() if can_see_overview(user)} == {"overseer", "far_overseer"}


def test_who_sets_up_agencies(people: dict[str, User]) -> None:
    assert {name for name, user in people.items() if can_set_up_agencies(user)} == {"admin"}


def test_who_reports_on_a_measure(people: dict[str, User], plan: Plan, measure: Measure) -> None:
    assert allowed(people, can_update_measure, measure) == {"staff", "officer"}
    second = plan.agency.divisions.get(position=2)
    Responsibility.objects.create(measure=measure, division=second, position=2)
    shared = Measure.objects.with_parties().get(pk=measure.pk)
    assert allowed(people, can_update_measure, shared) == {"staff", "other_staff", "officer"}
    plan.closed_at = timezone.now()
    plan.save()
    assert allowed(people, can_update_measure, Measure.objects.get(pk=measure.pk)) == set()


def test_nobody_but_the_officer_reports_on_a_measure_of_nobody(people: dict[str, User], plan: Plan) -> None:
    assert allowed(people, can_update_measure, make_measure(plan, divisions=0)) == {"officer"}


def test_the_agency_in_view(people: dict[str, User], plan: Plan) -> None:
    here = plan.agency
    assert agency_in_view(asked_by(people["staff"])) == here
    assert agency_in_view(asked_by(people["staff"], "agency=here")) == here
    assert agency_in_view(asked_by(people["overseer"], "agency=here")) == here
    for person, query in (
        ("staff", "agency=elsewhere"),
        ("overseer", ""),
        ("overseer", "agency=nowhere"),
        ("admin", ""),
        ("admin", "agency=here"),
    ):
        with pytest.raises(NotFound, match="ไม่พบหน่วยงานนี้"):
            agency_in_view(asked_by(people[person], query))


def test_plans_in_view_are_the_own_ones_newest_first(people: dict[str, User], plan: Plan) -> None:
    older, newer = open_year(plan.agency, YEAR - 1), open_year(plan.agency, YEAR + 1)
    elsewhere = people["stranger"].agency
    assert elsewhere is not None
    theirs = open_year(elsewhere, YEAR)
    assert list(plans_in_view(asked_by(people["executive"]))) == [newer, plan, older]
    assert list(plans_in_view(asked_by(people["overseer"], "agency=elsewhere"))) == [theirs]


def test_objects_are_handed_out_or_refused(people: dict[str, User], plan: Plan, measure: Measure) -> None:
    officer, executive, stranger = (asked_by(people[name]) for name in ("officer", "executive", "stranger"))
    step = measure.steps.all()[0]
    assert get_plan(executive, YEAR) == get_plan_to_edit(officer, YEAR) == plan
    assert get_round(executive, YEAR, 6) == plan.rounds.get(months=6)
    assert get_measure(executive, measure.pk) == measure
    assert get_measure_to_update(officer, measure.pk) == get_measure_to_edit(officer, measure.pk) == measure
    assert get_step_to_update(officer, step.pk).measure == measure
    refused: list[Callable[[], object]] = [
        lambda: get_plan_to_edit(executive, YEAR),
        lambda: get_measure_to_update(executive, measure.pk),
        lambda: get_measure_to_edit(executive, measure.pk),
        lambda: get_step_to_update(executive, step.pk),
    ]
    for call in refused:
        with pytest.raises(PermissionDenied):
            call()
    missing: list[Callable[[], object]] = [
        lambda: get_plan(stranger, YEAR),
        lambda: get_plan_to_edit(stranger, YEAR),
        lambda: get_round(stranger, YEAR, 6),
        lambda: get_measure(stranger, measure.pk),
        lambda: get_measure_to_update(stranger, measure.pk),
        lambda: get_measure_to_edit(stranger, measure.pk),
        lambda: get_step_to_update(stranger, step.pk),
    ]
    for call in missing:
        with pytest.raises(NotFound):
            call()


def test_a_year_without_its_round_is_not_found(people: dict[str, User], plan: Plan) -> None:
    Round.objects.filter(plan=plan, months=12).delete()
    with pytest.raises(NotFound, match="ไม่มีรอบ 12 เดือน"):
        get_round(asked_by(people["officer"]), YEAR, 12)


def test_an_account_that_was_closed_sees_nothing(
    people: dict[str, User], sign_in: SignIn, plan: Plan
) -> None:
    client = sign_in("officer")
    User.objects.filter(username="officer").update(is_active=False)
    response = client.get(reverse("plan", args=[YEAR]))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login"))
