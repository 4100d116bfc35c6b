"""What every page that two people may have open at once has in common."""


class StaleEdit(Exception):
    """What a form was shown with has been changed by somebody else since; nothing was stored."""
