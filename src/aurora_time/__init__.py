"""Aurora Time: a personal scheduling service with reminders that really arrive."""

__version__ = "0.1.0"
