"""Where mails go: a mail server, or a folder when the office has none."""

from __future__ import annotations

import contextlib
import os
import smtplib
import socket
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Protocol

from dispatcher.engine.model import Mail

TIMEOUT_S = 20.0
"""For each step of the conversation; all of them together stay below the lease of a mail."""


class Refused(Exception):
    """This mail is not taken, and never will be. `code` is for the office: `address`, `refused`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotNow(Exception):
    """This mail is not taken now: try it again later."""


class Unreachable(NotNow):
    """Nothing can be sent now: the server is down, or does not accept us. The text says what it said of us."""


class Carrier(Protocol):
    """Takes mails. A round of several is opened and closed around them."""

    def carry(self, message: EmailMessage) -> None:
        """Returns when the mail is in the other's hands. Raises Refused, NotNow, Unreachable."""
        ...

    def rest(self) -> None:
        """The round is over."""
        ...

    def abort(self) -> None:
        """Give up the conversation, from another thread: the program ends."""
        ...

    def forget(self, before: datetime) -> int:
        """Delete the copies of mails written before an instant of office time; how many."""
        ...


class Folder:
    """Each mail a file `{Message-ID without its domain}.eml`, readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def carry(self, message: EmailMessage) -> None:
        name = message["Message-ID"].strip("<>").partition("@")[0] + ".eml"
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = self._path / f".{name}.part"
            part.unlink(missing_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            written = parsedate_to_datetime(message["Date"]).timestamp()  # office time, by which it is forgotten
            os.utime(part, (written, written))
            part.replace(self._path / name)
        except OSError as error:
            raise Unreachable(f"the folder of mails cannot be written: {error.strerror}") from error

    def rest(self) -> None:
        """Nothing is open between two mails."""

    def abort(self) -> None:
        """Writing a file does not last."""

    def forget(self, before: datetime) -> int:
        forgotten = 0
        with contextlib.suppress(FileNotFoundError), os.scandir(self._path) as files:
            for file in files:
                if file.is_file(follow_symlinks=False) and file.stat().st_mtime < before.timestamp():
                    Path(file.path).unlink(missing_ok=True)
                    forgotten += 1
        return forgotten


class Server:
    """A mail server, spoken to by SMTP; one connection for a round of mails."""

    def __init__(self, settings: Mail, password: str | None, *, timeout_s: float = TIMEOUT_S) -> None:
        self._settings = settings
        self._password = password
        self._timeout_s = timeout_s
        self._link: smtplib.SMTP | None = None

    def carry(self, message: EmailMessage) -> None:
        recipient = message["To"].addresses[0].addr_spec
        if not recipient.isascii():  # before the @: too few servers take it
            raise Refused("address")
        data = message.as_bytes()
        try:
            link = self._link = self._link or self._connected()
            link.sendmail(self._settings.sender, [recipient], data)
        except smtplib.SMTPRecipientsRefused as error:
            code, _said = error.recipients[recipient]
            raise self._answer(code, "address") from error
        except smtplib.SMTPDataError as error:
            raise self._answer(error.smtp_code, "refused") from error
        except smtplib.SMTPSenderRefused as error:
            # What is wrong with us is mended by the office, not by giving up its customers' mails.
            self._drop()
            raise Unreachable(f"the server refuses the sender: {error.smtp_code}") from error
        except smtplib.SMTPResponseException as error:
            self._drop()
            raise Unreachable(f"the server refuses us: {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self._drop()
            raise Unreachable(f"the server cannot be reached: {type(error).__name__}") from error

    def rest(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                link.quit()

    def abort(self) -> None:
        link = self._link
        if link is not None and link.sock is not None:
            with contextlib.suppress(OSError):
                link.sock.shutdown(socket.SHUT_RDWR)

    def forget(self, before: datetime) -> int:  # noqa: ARG002  the server keeps what it keeps
        return 0

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        # Not the default, which asks the name service and may wait for it.
        own = socket.gethostname() if "." in socket.gethostname() else settings.sender.rpartition("@")[2]
        tls = ssl.create_default_context()
        if settings.security == "tls":
            link: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, local_hostname=own, timeout=self._timeout_s, context=tls
            )
        else:
            link = smtplib.SMTP(settings.host, settings.port, local_hostname=own, timeout=self._timeout_s)
        try:
            if settings.security == "starttls":
                link.starttls(context=tls)
            if settings.user is not None:
                link.login(settings.user, self._password or "")
        except (smtplib.SMTPException, OSError, ValueError):
            link.close()
            raise
        return link

    def _answer(self, code: int, permanent: str) -> Refused | NotNow:
        if self._link is not None and code == 421:  # the server hangs up
            self._drop()
        return Refused(permanent) if 500 <= code < 600 else NotNow(str(code))

    def _drop(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.close()
