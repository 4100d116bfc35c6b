"""What allauth asks the site about second factors: names and words."""

from typing import Any, ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator

from accounts.models import User


class SecondFactorAdapter(DefaultMFAAdapter):
    """In Thai, and by the user name: an e-mail address may be an office's."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "รหัสไม่ถูกต้อง กรุณาดูรหัสล่าสุดในแอปแล้วลองอีกครั้ง",
        "cannot_generate_recovery_codes": "ต้องมีแอปยืนยันตัวตนหรือพาสคีย์ก่อน จึงจะออกรหัสสำรองได้",
        "cannot_delete_authenticator": "ยกเลิกการยืนยันตัวตนสองชั้นไม่ได้",
    }

    def _get_user_identifier(self, user: User) -> str:
        return user.username

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002
        """A name for a passkey that got none."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"พาสคีย์ {count + 1}"

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": user.get_full_name()}
