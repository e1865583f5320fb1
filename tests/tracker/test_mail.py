"""Letters as an SMTP server gets them, and what its answers mean."""

import pytest

from tests.kit.ground import free_port
from tests.kit.post import Post
from tracker.errors import FootfallError, RefusedError, UnreachableError
from tracker.mail import Attached, Letter, Mailer, check_mail, mail_server, sender_of
from tracker.settings import Settings

LETTER = Letter(
    subject="Kahvila Ääkköset: 3 visitors",
    text="Three came.",
    html='<p>Three came.</p><img src="cid:chart" alt="Three">',
    pictures=[Attached("chart.png", "image/png", b"\x89PNG picture", "chart")],
    files=[Attached("pages.csv", "text/csv", b"path,views\r\n/,3\r\n")],
    unsubscribe=f"https://stats.example.org/unsubscribe/{'a1-_' * 11}",
)


@pytest.fixture
def mailing(settings: Settings, post: Post) -> Settings:
    settings.mail_url, settings.public_url = post.url, "https://stats.example.org"
    return settings


def test_a_letter_has_both_forms_its_picture_and_its_files(mailing: Settings, post: Post) -> None:
    with Mailer(mailing) as mailer:
        mailer.send(LETTER, "ann@example.org", "message-1.shop")
    [got] = post.letters
    assert (got["To"], got["Subject"]) == ("ann@example.org", LETTER.subject)
    assert got["From"] == "Footfall <footfall@stats.example.org>"
    assert got["Message-ID"] == "<message-1.shop@stats.example.org>"
    assert f"\nList-Unsubscribe: <{LETTER.unsubscribe}>\r\n".encode() in post.raw[0]  # no encoded words
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (got["Auto-Submitted"], got["Content-Language"]) == ("auto-generated", "en")
    kinds = [part.get_content_type() for part in got.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "image/png", "text/csv"]
    text, html = got.get_body(("plain",)), got.get_body(("html",))
    assert text is not None and text.get_content().strip() == "Three came."
    assert html is not None and "cid:chart" in html.get_content()
    [picture] = [part for part in got.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<chart>"
    [file] = got.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("pages.csv", "path,views\r\n/,3\r\n")


def test_many_letters_go_over_one_connection(mailing: Settings, post: Post) -> None:
    with Mailer(mailing) as mailer:
        for number in range(5):
            mailer.send(LETTER, f"one{number}@example.org", f"message-{number}.shop")
    assert [one["To"] for one in post.letters] == [f"one{number}@example.org" for number in range(5)]


@pytest.mark.parametrize(
    ("said", "error"), [("550 no such mailbox", RefusedError), ("451 greylisted, come again", UnreachableError)]
)
def test_a_refusal_is_told_with_the_servers_words(
    mailing: Settings, post: Post, said: str, error: type[Exception]
) -> None:
    post.refusals.append(said)
    with Mailer(mailing) as mailer:
        with pytest.raises(error, match=said[4:]):
            mailer.send(LETTER, "ann@example.org", "message-1.shop")
        mailer.send(LETTER, "ben@example.org", "message-2.shop")
    assert [one["To"] for one in post.letters] == ["ben@example.org"]


def test_a_server_that_is_down_is_no_refusal(settings: Settings) -> None:
    settings.mail_url = f"smtp://127.0.0.1:{free_port()}"
    with Mailer(settings) as mailer, pytest.raises(UnreachableError, match=r"127\.0\.0\.1 cannot be reached"):
        mailer.send(LETTER, "ann@example.org", "message-1.shop")


def test_a_password_is_not_sent_in_the_open(settings: Settings, post: Post) -> None:
    settings.mail_url = post.url.replace("smtp://", "smtp://ann:secret@")
    with Mailer(settings) as mailer:
        for _ in range(2):  # nor is the half-open connection taken for a good one
            with pytest.raises(UnreachableError, match="offers no encryption"):
                mailer.send(LETTER, "ann@example.org", "message-1.shop")
    assert post.letters == []


def test_line_breaks_make_no_header(mailing: Settings, post: Post) -> None:
    letter = Letter("Shop\r\nBcc: eve@example.org", "text", "<p>text</p>")
    with Mailer(mailing) as mailer, pytest.raises(RefusedError, match="cannot be written"):
        mailer.send(letter, "ann@example.org", "message-1.shop")
    assert post.letters == []


@pytest.mark.parametrize(
    "url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://host:x", "smtp://h/a"]
)
def test_an_address_that_is_none_says_what_it_must_be(url: str) -> None:
    with pytest.raises(FootfallError, match="FOOTFALL_MAIL_URL: must be as smtp://"):
        mail_server(url)


def test_settings_that_cannot_be_stop_the_start(settings: Settings) -> None:
    check_mail(settings)
    settings.mail_url, settings.mail_from = "smtp://mail.example.org", "stats"
    with pytest.raises(FootfallError, match="FOOTFALL_MAIL_FROM: must be as"):
        check_mail(settings)


def test_what_an_address_says() -> None:
    server = mail_server("smtps://ann%40example.org:p%2Fw@mail.example.org")
    assert (server.host, server.port, server.encrypted) == ("mail.example.org", 465, True)
    assert (server.user, server.password) == ("ann@example.org", "p/w")
    assert "p/w" not in repr(server)


def test_letters_are_from_whom_the_settings_say(settings: Settings) -> None:
    settings.mail_from = "Shop stats <stats@example.org>"
    assert sender_of(settings) == "Shop stats <stats@example.org>"
