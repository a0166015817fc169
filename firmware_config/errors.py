"""What can go wrong with a device's settings, by what the reader can do about it. The text is a sentence for people."""


class FirmwareError(Exception):
    """Root of this package's errors."""


class LineGone(FirmwareError):
    """The line does not open, or broke."""


class NoAnswer(FirmwareError):
    """The line is there and the device says nothing."""


class Unsuitable(FirmwareError):
    """This device cannot be configured, or not now."""


class NotTaken(FirmwareError):
    """The device says that it holds something else than what was written to it."""


class Worn(FirmwareError):
    """So many writes would wear its memory out."""


class BadFile(FirmwareError):
    """A file of settings is wrong."""

    def __init__(self, file: object, line: int | None, key: str, text: str) -> None:
        place = f"{file}:{line}" if line else str(file)
        super().__init__(f"{place}: {key}: {text}" if key else f"{place}: {text}")
