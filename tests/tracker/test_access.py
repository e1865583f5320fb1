from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from tracker.access import (
    ACTIONS,
    ANONYMOUS,
    ForbiddenError,
    Principal,
    UnauthenticatedError,
    authorize,
    create_key,
    may,
    principal_from_key,
    principal_from_sign_in,
    readable,
)
from tracker.clock import utc_now
from tracker.database import Database
from tracker.errors import InvalidInputError
from tracker.models import ApiKey
from tracker.signin import (
    FIRST_RUN,
    create_first_run_link,
    link_is_good,
    sign_in,
    sign_ins,
    sign_out,
    sign_out_everywhere,
    use_link,
)
from tracker.sites import SiteInfo
from tracker.users import change_password, check_user, create_user, set_role

HERE, ELSEWHERE = 1, 2


def person(role: str | None = None, site_id: int = HERE, *, owner: bool = False) -> Principal:
    return Principal(kind="user", user_id=7, owner=owner, roles={site_id: role} if role else {})


def key(*scopes: str, site_id: int | None = HERE) -> Principal:
    return Principal(kind="key", scopes=frozenset(scopes), key_site_id=site_id)


WHO = {
    "nobody": ANONYMOUS,
    "stranger": person(),
    "member elsewhere": person("admin", ELSEWHERE),
    "viewer": person("viewer"),
    "editor": person("editor"),
    "admin": person("admin"),
    "owner": person(owner=True),
    "read key": key("read"),
    "ingest key": key("ingest"),
    "change key": key("change"),
    "people key": key("people"),
    "erase key": key("erase"),
    "key of another site": key("read", "ingest", site_id=ELSEWHERE),
    "key of all sites": key("read", "ingest", site_id=None),
}

# Read as: this action on site HERE is for these, and for nobody else.
MATRIX = {
    "come-in": set(WHO),
    "list-sites": set(WHO) - {"nobody", "ingest key", "change key", "people key", "erase key"},
    "change-account": {"stranger", "member elsewhere", "viewer", "editor", "admin", "owner"},
    "read-site": {"viewer", "editor", "admin", "owner", "read key", "key of all sites"},
    "send-events": {"editor", "admin", "owner", "ingest key", "key of all sites"},
    "change-site": {"editor", "admin", "owner", "change key"},
    "manage-keys": {"admin", "owner"},
    "manage-members": {"admin", "owner"},
    "read-audit": {"admin", "owner"},
    "export-person": {"admin", "owner", "people key"},
    "erase-person": {"admin", "owner", "erase key"},
    "delete-site": {"admin", "owner"},
    "add-site": {"owner"},
}


def test_every_action_has_a_line_in_the_matrix() -> None:
    assert set(MATRIX) == set(ACTIONS)


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("who", WHO)
def test_each_principal_may_do_what_the_matrix_says_and_no_more(who: str, action: str) -> None:
    principal = WHO[who]
    assert may(principal, HERE, action) is (who in MATRIX[action])
    if who in MATRIX[action]:
        authorize(principal, HERE, action)
    else:
        with pytest.raises(UnauthenticatedError if who == "nobody" else ForbiddenError):
            authorize(principal, HERE, action)


def test_the_readable_sites_are_those_of_the_principal() -> None:
    assert readable(person("viewer", ELSEWHERE), [HERE, ELSEWHERE]) == [ELSEWHERE]
    assert readable(key("read", site_id=None), [HERE, ELSEWHERE]) == [HERE, ELSEWHERE]
    assert readable(ANONYMOUS, [HERE, ELSEWHERE]) == []


def test_a_key_is_shown_once_and_kept_as_a_hash(database: Database, site: SiteInfo) -> None:
    with database.session() as session:
        token = create_key(session, "notebook", ["read"], site.id)
        kept = session.query(ApiKey).one()
    assert token.startswith("ff_")
    assert len(token) == 46
    assert token not in (kept.token_hash, kept.name)
    with database.session() as session:
        principal = principal_from_key(session, token)
        assert principal == Principal(
            kind="key", name="notebook", scopes=frozenset({"read"}), key_id=kept.id, key_site_id=site.id
        )
        assert principal_from_key(session, token[:-1]) is None
        assert principal_from_key(session, "ff_\ud800") is None


def test_a_key_ends_when_it_expires_or_is_revoked(database: Database, site: SiteInfo) -> None:
    with database.session() as session:
        token = create_key(session, "brief", ["read"], site.id, utc_now() + timedelta(hours=1))
        assert principal_from_key(session, token) is not None
        kept = session.query(ApiKey).one()
        kept.expires_at = utc_now() - timedelta(seconds=1)
        session.flush()
        assert principal_from_key(session, token) is None
        kept.expires_at = None
        session.flush()
        assert principal_from_key(session, token) is not None
        session.delete(kept)
        session.flush()
        assert principal_from_key(session, token) is None


@pytest.mark.parametrize(
    ("name", "scopes", "field"),
    [("", ["read"], "name"), ("n" * 201, ["read"], "name"), ("n", [], "scopes"), ("n", ["write"], "scopes")],
)
def test_a_key_that_makes_no_sense_is_refused(database: Database, name: str, scopes: list[str], field: str) -> None:
    with database.session() as session, pytest.raises(InvalidInputError) as refused:
        create_key(session, name, scopes)
    assert refused.value.field == field


def test_a_sign_in_is_rotated_and_can_be_revoked(database: Database) -> None:
    with database.session() as session:
        user = create_user(session, "Ann@Example.org ", "correct horse battery")
        first = sign_in(session, user.id)
        named = principal_from_sign_in(session, first)
        assert named is not None
        assert (named.name, named.user_id, named.owner) == ("ann@example.org", user.id, False)
        second = sign_in(session, user.id, first)
        assert principal_from_sign_in(session, first) is None
        third = sign_in(session, user.id)
        assert len(sign_ins(session, user.id)) == 2
        sign_out_everywhere(session, user.id, but_token=second)
        assert principal_from_sign_in(session, third) is None
        assert principal_from_sign_in(session, second) is not None
        sign_out(session, second)
        assert principal_from_sign_in(session, second) is None


def test_a_sign_in_ends_after_fourteen_days(database: Database) -> None:
    with database.session() as session:
        user = create_user(session, "ann@example.org", "correct horse battery")
        token = sign_in(session, user.id)
        (kept,) = sign_ins(session, user.id)
        assert timedelta(days=13, hours=23) < kept.expires_at - utc_now() <= timedelta(days=14)
        kept.expires_at = utc_now() - timedelta(seconds=1)
        session.flush()
        assert principal_from_sign_in(session, token) is None


def test_roles_come_along_with_a_sign_in(database: Database, site: SiteInfo) -> None:
    with database.session() as session:
        user = create_user(session, "ann@example.org", "correct horse battery")
        set_role(session, user.id, site.id, "viewer")
        set_role(session, user.id, site.id, "editor")
        named = principal_from_sign_in(session, sign_in(session, user.id))
        assert named is not None
        assert dict(named.roles) == {site.id: "editor"}
        with pytest.raises(InvalidInputError):
            set_role(session, user.id, site.id, "emperor")
        set_role(session, user.id, site.id, None)
        named = principal_from_sign_in(session, sign_in(session, user.id))
        assert named is not None
        assert not named.roles


def test_only_the_right_password_of_the_right_person_fits(database: Database) -> None:
    with database.session() as session:
        user = create_user(session, "ann@example.org", "correct horse battery")
        assert check_user(session, "ANN@example.org", "correct horse battery") is user
        assert check_user(session, "ann@example.org", "correct horse batterz") is None
        assert check_user(session, "bob@example.org", "a password that nobody has") is None
        assert check_user(session, "ann@example.org", "x" * 5000) is None
        assert "correct" not in user.password_hash
        assert user.password_hash.startswith("$argon2id$")


def test_a_password_is_kept_at_least_as_dear_as_owasp_asks(usual_hasher: PasswordHasher) -> None:
    kept = usual_hasher.hash("correct horse battery")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_changed_password_ends_every_sign_in(database: Database) -> None:
    with database.session() as session:
        user = create_user(session, "ann@example.org", "correct horse battery")
        token = sign_in(session, user.id)
        with pytest.raises(InvalidInputError) as refused:
            change_password(session, user, "wrong", "another good one")
        assert refused.value.field == "old"
        change_password(session, user, "correct horse battery", "another good one")
        assert principal_from_sign_in(session, token) is None
        assert check_user(session, "ann@example.org", "another good one") is user


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [
        ("ann", "correct horse battery", "email"),
        ("ann@example.org\nBcc: x@y.org", "correct horse battery", "email"),
        ("taken@example.org", "correct horse battery", "email"),
        ("ann@example.org", "short", "password"),
        ("ann@example.org", "x" * 2000, "password"),
    ],
)
def test_an_account_that_will_not_do_says_which_field(
    database: Database, email: str, password: str, field: str
) -> None:
    with database.session() as session:
        create_user(session, "taken@example.org", "correct horse battery")
        with pytest.raises(InvalidInputError) as refused:
            create_user(session, email, password)
    assert refused.value.field == field


def test_the_first_run_link_works_once_within_a_day_and_only_before_the_first_user(database: Database) -> None:
    with database.session() as session:
        earlier = create_first_run_link(session)
        token = create_first_run_link(session)
        assert earlier is not None
        assert token is not None
        assert not link_is_good(session, earlier, FIRST_RUN)
        assert link_is_good(session, token, FIRST_RUN)
        assert not link_is_good(session, token, "another purpose")
        use_link(session, token, FIRST_RUN)
        assert not link_is_good(session, token, FIRST_RUN)
        with pytest.raises(InvalidInputError):
            use_link(session, token, FIRST_RUN)
        create_user(session, "ann@example.org", "correct horse battery", owner=True)
        assert create_first_run_link(session) is None


def test_the_first_run_link_is_too_old_after_a_day(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.session() as session:
        token = create_first_run_link(session)
        assert token is not None
        later = utc_now() + timedelta(hours=24, seconds=1)
        monkeypatch.setattr("tracker.signin.utc_now", lambda: later)
        assert not link_is_good(session, token, FIRST_RUN)
        with pytest.raises(InvalidInputError):
            use_link(session, token, FIRST_RUN)
