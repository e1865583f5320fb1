"""WordPress as Debian has it, with a MariaDB of its own, where they are installed."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.kit.ground import free_port

INSTALLED = Path("/usr/share/wordpress")
PACKAGES = "wordpress wordpress-theme-twentytwentythree php-cli php-mysql mariadb-server"
PROGRAMS = ("php", "mariadbd", "mariadb-install-db")
ADMIN = ("ann", "correct horse battery")
_PATIENCE_S = 60.0
_INSTALL = """<?php
define('WP_INSTALLING', true);
require {load};
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Lamps', {name}, 'ann@example.org', false, '', {password});
"""
_CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', {host}); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $of) {{
    define($of . '_KEY', $of); define($of . '_SALT', $of);
}}
define('WP_SITEURL', {url}); define('WP_HOME', {url});
define('FS_METHOD', 'direct'); define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true);
define('WP_DEBUG', true); define('WP_DEBUG_DISPLAY', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require ABSPATH . 'wp-settings.php';
"""


@contextmanager
def running_wordpress(folder: Path) -> Iterator[str]:
    """Run a WordPress without plugins that may write its own files; gives its address.

    `folder` must be short: MariaDB's socket is in it.
    """
    missing = [name for name in PROGRAMS if shutil.which(name) is None] + [INSTALLED] * (not INSTALLED.is_dir())
    if missing:
        pytest.skip(f"no {missing[0]} here: apt-get install {PACKAGES}")
    site, socket = folder / "site", folder / "db.sock"
    shutil.copytree(INSTALLED, site, ignore=shutil.ignore_patterns("wp-config*.php", "languages", "uploads"))
    url = f"http://127.0.0.1:{free_port()}"
    config = _CONFIG.format(host=json.dumps(f"localhost:{socket}"), url=json.dumps(url))
    (site / "wp-config.php").write_text(config)
    with _running_mariadb(folder / "data", socket):
        ready = _INSTALL.format(
            load=json.dumps(f"{site}/wp-load.php"), name=json.dumps(ADMIN[0]), password=json.dumps(ADMIN[1])
        )
        subprocess.run(["php"], input=ready, text=True, check=True, capture_output=True, timeout=_PATIENCE_S)
        with _running_php(site, url):
            yield url


@contextmanager
def _running_mariadb(data: Path, socket: Path) -> Iterator[None]:
    user = "--user=root" if os.geteuid() == 0 else "--skip-name-resolve"
    made = [
        "mariadb-install-db",
        "--no-defaults",
        f"--datadir={data}",
        "--auth-root-authentication-method=normal",
        user,
    ]
    subprocess.run([*made, "--skip-test-db"], check=True, capture_output=True, timeout=_PATIENCE_S)
    first = data.with_name("first.sql")
    first.write_text("CREATE DATABASE wordpress;")
    command = ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={socket}", "--skip-networking", user]
    with _running(
        [*command, "--innodb-flush-log-at-trx-commit=0", f"--init-file={first}"], data.with_name("db.log")
    ) as process:
        _wait(process, socket.exists, data.with_name("db.log"))
        yield


@contextmanager
def _running_php(site: Path, url: str) -> Iterator[None]:
    log = site.with_name("php.log")
    command = ["php", "-S", url.removeprefix("http://"), "-t", str(site)]
    with _running(command, log) as process:
        _wait(process, lambda: "started" in log.read_text(), log)
        yield


@contextmanager
def _running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PHP_CLI_SERVER_WORKERS": "3"}  # a page may ask its own server
    with log.open("wb") as written:
        process = subprocess.Popen(command, stdout=written, stderr=written, env=environment, start_new_session=True)
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # its workers are processes of their own
        process.wait(20)


def _wait(process: subprocess.Popen[bytes], done: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not done():
        assert process.poll() is None and time.monotonic() < deadline, log.read_text()
        time.sleep(0.02)
