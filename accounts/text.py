"""What counts as text that a person may type into a record."""

from django.core.exceptions import ValidationError

from accounts.characters import is_not_text


def plain_text(value: str) -> None:
    """Refuse characters that no report can show: control characters, lone surrogates, noncharacters.

    Line feeds and tabs pass. Zero-width and direction marks pass too: Thai text copied from a web page is
    full of them and they do no harm.

    Raises:
        ValidationError: in Thai, with the character's code point.
    """
    for character in value:
        if is_not_text(character):
            raise ValidationError(
                "มีอักขระควบคุมที่มองไม่เห็นและพิมพ์ไม่ได้ (U+%(code)s) กรุณาลบออก หรือพิมพ์ข้อความใหม่แทนการวาง",
                code="control_character",
                params={"code": f"{ord(character):04X}"},
            )


def with_unix_newlines(value: str) -> str:
    """A browser sends line ends as CR LF; a record keeps LF, so that lengths count what a person sees."""
    return value.replace("\r\n", "\n").replace("\r", "\n")
