"""Options that many commands have alike."""

import click

of_site = click.option("--site", help="Key, name or host; may be left out when there is only one.")
until_day = click.option("--until", help="Only what was before this day of the site's own, such as 2026-03-01.")
