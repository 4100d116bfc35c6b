"""Why an archive was not made or not taken: each with a Thai sentence for who looks after the site."""


class BackupProblem(Exception):
    """Nothing was done; the text is the sentence."""


class DamagedArchive(BackupProblem):
    """What was read is no archive, is not whole, or is not as it was written."""

    def __init__(self, why: str) -> None:
        super().__init__(f"ไฟล์สำรองนี้เสียหายหรือไม่ครบ: {why}")
