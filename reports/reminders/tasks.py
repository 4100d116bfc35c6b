"""The task by which reminders leave: in the process itself, or in a worker."""

from django_tasks import task

from reports.reminders.services import deliver


@task
def deliver_reminders(sendings: list[int]) -> int:
    """Send what nobody has begun to send; asking twice does no harm. Returns how many were taken."""
    return deliver(sendings)
