"""The monitor: does it watch, if it should?"""

from hub.doctor.addresses import answers
from hub.doctor.check import Check, Health
from hub.settings import Settings

PART = "monitor"


def monitor(settings: Settings) -> Check:
    """Whether it answers; expected where it ran before, and where alerts are to be sent."""
    options = settings.monitor
    lacks = answers(options.host, options.port) if options.port else ""
    if not options.port:
        return Check(PART, Health.OK, "has a port of its own choice, and is not asked")
    if not lacks:
        return Check(PART, Health.OK, "answers")
    if options.mail.host or options.webhook.url or options.state.exists():
        remedy = "Start it: hub monitor, or hub up --monitor; if it runs, see its log."
        return Check(PART, Health.WARN, f"{lacks}; nobody is told when events stop", remedy)
    return Check(PART, Health.OK, "does not run, and was not asked for")
