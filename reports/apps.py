from importlib import import_module

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "รายงาน"

    def ready(self) -> None:
        """Let the pages of a plan say what its rounds have to say, and workers know what is done here."""
        import_module("reports.public_log.mailing")
        import_module("reports.rounds.bundled")
        import_module("reports.rounds.draft_files")
        import_module("reports.rounds.edition_files")
        import_module("reports.rounds.pending_notice")
        import_module("reports.signed_scan.selectors")
        import_module("reports.kept")
        import_module("reports.signatures.checks")
        import_module("reports.signatures.renewal")
