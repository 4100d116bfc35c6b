"""Rules for passwords, in Thai: Django's, and what people in Thai offices choose."""

from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.passwords.guessable import common_thai, guesses, is_row_or_repeated, words_in


class LongEnough(password_validation.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"รหัสผ่านสั้นเกินไป ต้องมีอย่างน้อย {self.min_length} ตัวอักษร"

    def get_help_text(self) -> str:
        return f"รหัสผ่านต้องมีอย่างน้อย {self.min_length} ตัวอักษร"


class UnlikeThePerson(password_validation.UserAttributeSimilarityValidator):
    """Neither like the person nor made of the name of their office and a year."""

    def validate(self, password: str, user: Any = None) -> None:
        super().validate(password, user)
        agency = user.agency if isinstance(user, User) else None
        if agency is None:
            return
        names = (agency.slug, agency.name, agency.short_name, agency.province, agency.district)
        if guesses(password) & words_in(names):
            raise ValidationError("รหัสผ่านเป็นชื่อหน่วยงานหรือสถานที่ เดาได้ง่าย", code="password_is_of_agency")

    def get_error_message(self) -> str:
        return "รหัสผ่านคล้ายชื่อผู้ใช้ ชื่อ หรืออีเมลเกินไป"

    def get_help_text(self) -> str:
        return "รหัสผ่านต้องไม่คล้ายชื่อผู้ใช้ ชื่อ อีเมล หรือชื่อหน่วยงาน"


class Uncommon(password_validation.CommonPasswordValidator):
    """Not one of 20,000 that are often used, nor of the Thai ones, whichever keyboard it was typed on and
    whatever digits and signs stand around it; no row of keys; nothing repeated.
    """

    def validate(self, password: str, user: Any = None) -> None:
        super().validate(password, user)
        found = guesses(password)
        if found & self.passwords or found & common_thai() or is_row_or_repeated(password):
            raise ValidationError(self.get_error_message(), code="password_too_common")

    def get_error_message(self) -> str:
        return "รหัสผ่านนี้มีผู้ใช้กันมาก เดาได้ง่าย"

    def get_help_text(self) -> str:
        return "รหัสผ่านต้องไม่ใช่คำที่มีผู้ใช้กันมาก"


class NotOnlyDigits(password_validation.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return "รหัสผ่านต้องไม่เป็นตัวเลขล้วน"

    def get_help_text(self) -> str:
        return "รหัสผ่านต้องไม่เป็นตัวเลขล้วน"
