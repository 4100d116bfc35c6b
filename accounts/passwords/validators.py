"""Django's rules for passwords, in Thai."""

from django.contrib.auth import password_validation


class LongEnough(password_validation.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"รหัสผ่านสั้นเกินไป ต้องมีอย่างน้อย {self.min_length} ตัวอักษร"

    def get_help_text(self) -> str:
        return f"รหัสผ่านต้องมีอย่างน้อย {self.min_length} ตัวอักษร"


class UnlikeThePerson(password_validation.UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return "รหัสผ่านคล้ายชื่อผู้ใช้ ชื่อ หรืออีเมลเกินไป"

    def get_help_text(self) -> str:
        return "รหัสผ่านต้องไม่คล้ายชื่อผู้ใช้ ชื่อ หรืออีเมล"


class Uncommon(password_validation.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return "รหัสผ่านนี้มีผู้ใช้กันมาก เดาได้ง่าย"

    def get_help_text(self) -> str:
        return "รหัสผ่านต้องไม่ใช่คำที่มีผู้ใช้กันมาก"


class NotOnlyDigits(password_validation.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return "รหัสผ่านต้องไม่เป็นตัวเลขล้วน"

    def get_help_text(self) -> str:
        return "รหัสผ่านต้องไม่เป็นตัวเลขล้วน"
