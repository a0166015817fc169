"""Why a command of the queue did nothing."""


class PrinterError(Exception):
    """Root of this package's errors."""


class Refused(PrinterError):
    """The bytes are no valid form of their command: the sender is wrong."""


class NoEffect(PrinterError):
    """The command is valid and does nothing here."""
