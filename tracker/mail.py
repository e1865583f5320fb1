"""Letters, and the SMTP server that takes them."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from tracker.clock import utc_now
from tracker.errors import FootfallError, RefusedError, UnreachableError
from tracker.languages import gettext, spoken_language
from tracker.settings import Settings

TIMEOUT_S = 30.0
_PORTS = {"smtp": 25, "smtps": 465}
# Folded at 78, a long link in a header becomes encoded words, which nobody takes for a link any more.
_POLICY = SMTP_POLICY.clone(max_line_length=998)


@dataclass(frozen=True)
class Attached:
    """A file that comes along, or a picture that the letter shows by the name in `cid`."""

    name: str
    kind: str  # as image/png
    content: bytes
    cid: str = ""


@dataclass(frozen=True)
class Letter:
    """A letter in both forms, which say the same. `unsubscribe` is the address that ends it by a POST.

    `language` is the code of that in which it is written: the one spoken when it is made.
    """

    subject: str
    text: str
    html: str
    pictures: Sequence[Attached] = field(default=())
    files: Sequence[Attached] = field(default=())
    unsubscribe: str | None = None
    language: str = field(default_factory=lambda: spoken_language().code)


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed in; `encrypted` from the first byte on, else as soon as the server offers it."""

    host: str
    port: int
    encrypted: bool
    user: str
    password: str = field(repr=False)


def mail_server(url: str) -> MailServer:
    """Read `smtp://user:password@host:587` or `smtps://…`; FootfallError when it is neither."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in _PORTS or not parts.hostname or port == -1 or parts.path.strip("/"):
        raise FootfallError("FOOTFALL_MAIL_URL: must be as smtp://user:password@mail.example.org:587 or smtps://…")
    return MailServer(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        encrypted=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def check_mail(settings: Settings) -> None:
    """FootfallError when letters could not be sent by these settings, whatever the server said."""
    if settings.mail_url:
        mail_server(settings.mail_url)
        try:
            Address(addr_spec=parseaddr(sender_of(settings))[1])
        except (ValueError, HeaderParseError) as error:
            raise FootfallError("FOOTFALL_MAIL_FROM: must be as Footfall <stats@example.org>") from error


def sender_of(settings: Settings) -> str:
    """Return whom letters are from: the one that is set, else footfall at the host of the public address."""
    return settings.mail_from or f"Footfall <footfall@{urlsplit(settings.address).hostname or 'localhost'}>"


class Mailer:
    """Hands letters in, over one connection for as long as it lasts; to be used in a `with`, by one thread."""

    def __init__(self, settings: Settings) -> None:
        self._server = mail_server(settings.mail_url)
        self._from = sender_of(settings)
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, letter: Letter, to: str, message_id: str) -> None:
        """Hand a letter in. UnreachableError when that may work later, RefusedError when it never will.

        The same `message_id` for the same letter lets mailboxes drop one that comes twice, as when
        this process ends between the server's answer and noting it.
        """
        try:
            message = self._message(letter, to, message_id)
        except ValueError as error:  # as when a name holds what would begin a header of its own
            raise RefusedError(gettext("This letter cannot be written: %(error)s", error=error)) from error
        try:
            self._connected().send_message(message, from_addr=parseaddr(self._from)[1], to_addrs=[to])
        except smtplib.SMTPRecipientsRefused as error:
            self._hang_up()
            [(code, said)] = error.recipients.values()
            raise _told(code, said, final=True) from error
        except smtplib.SMTPResponseException as error:
            self._hang_up()
            # what it says of us, rather than of the letter, is mended in the settings
            final = isinstance(error, smtplib.SMTPDataError)
            raise _told(error.smtp_code, error.smtp_error, final=final) from error
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self._hang_up()
            host = self._server.host
            problem = gettext("The mail server %(host)s cannot be reached: %(error)s", host=host, error=error)
            raise UnreachableError(problem) from error

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            server, tls = self._server, ssl.create_default_context()
            if server.encrypted:
                connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=tls)
            else:
                connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
            try:
                self._come_in(connection, tls)
            except BaseException:
                connection.close()  # nothing may go over one that is half open
                raise
            self._connection = connection
        return self._connection

    def _come_in(self, connection: smtplib.SMTP, tls: ssl.SSLContext) -> None:
        """Encrypt the connection where the server offers it, and sign in."""
        server = self._server
        connection.ehlo()
        if not server.encrypted and connection.has_extn("starttls"):
            connection.starttls(context=tls)
            connection.ehlo()
        elif server.user and not server.encrypted:
            raise UnreachableError(
                gettext(
                    "The mail server %(host)s offers no encryption, so the password was not sent; "
                    "use smtps:// or another port.",
                    host=server.host,
                )
            )
        if server.user:
            connection.login(server.user, server.password)

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.quit()
            except (OSError, smtplib.SMTPException):
                connection.close()

    def _message(self, letter: Letter, to: str, message_id: str) -> EmailMessage:
        message = EmailMessage(_POLICY)
        name, address = parseaddr(self._from)
        message["From"] = Address(name, addr_spec=address)
        message["To"] = Address(addr_spec=to)
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(utc_now())
        message["Message-ID"] = f"<{message_id}@{address.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        if letter.unsubscribe:
            message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        [_, html] = message.iter_parts()
        for picture in letter.pictures:
            main, sub = picture.kind.split("/")
            html.add_related(
                picture.content, main, sub, cid=f"<{picture.cid}>", filename=picture.name, disposition="inline"
            )
        for one in letter.files:
            main, sub = one.kind.split("/")
            message.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name)
        message["Content-Language"] = letter.language  # last, for parts take over all that is said of content
        return message


def _told(code: int, said: bytes | str, *, final: bool) -> Exception:
    """Return the error for a server's answer; a `final` one is for good from 500 on."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    answer = " ".join(text.split())[:300]
    words = gettext("The mail server said %(code)s: %(answer)s", code=str(code), answer=answer)
    return RefusedError(words) if final and code >= 500 else UnreachableError(words)
