"""Invented events for benchmarks: a month of a busy site, skewed as real ones are.

`fill(store, 10_000_000)` gives 30 days with some 1.4 million visits on 600 paths. Of the
events 52 % are views, 35 % clicks with their evidence, 11 % spans of engaged time and 2 %
custom. They lie in the store in the order of their arrival, visits interleaved.
"""

from datetime import datetime, timedelta

from tracker.store.duckdb import DuckStore
from tracker.store.duckdb_load import insert_events

BEGIN = datetime(2026, 10, 1)  # noqa: DTZ001 - the store's times are UTC without a zone
DAYS = 30
EVENTS_A_VISIT = 7.1

# u(salt): a number in [0, 1) that depends on visit, event and salt alone
_FRESH = """
CREATE OR REPLACE TEMP TABLE fresh AS
WITH visits AS (
    SELECT
        $first + range AS v,
        hash(v, 'visitor') % ($visits * 8 // 10) AS who,
        1 + floor(-ln(1 - u(v, 0, 'length')) * ($mean - 1) + u(v, 0, 'round'))::INTEGER AS length
    FROM range($visits)
),
steps AS (
    SELECT v, who, unnest(range(length)) AS j FROM visits
),
kinds AS (
    SELECT
        *,
        u(v, j, 'kind') AS k,
        CASE WHEN j = 0 OR k < 0.442 THEN 'view' WHEN k < 0.852 THEN 'click' WHEN k < 0.979 THEN 'engagement'
             ELSE 'custom' END AS kind
    FROM steps
),
placed AS (
    SELECT
        *,
        sum((kind = 'view')::INTEGER) OVER (PARTITION BY v ORDER BY j ROWS UNBOUNDED PRECEDING) AS n,
        1000 * sum(3 + 70 * u(v, j, 'pause') ^ 2) OVER (PARTITION BY v ORDER BY j ROWS UNBOUNDED PRECEDING) AS after_ms
    FROM kinds
),
told AS (
    SELECT
        *,
        floor(600 * u(v, n, 'path') ^ 3)::INTEGER AS p,
        floor(40 * u(v, j, 'element') ^ 2)::INTEGER AS e,
        u(v, j, 'fate') AS fate,
        epoch_ms($begin) + ((v - $first) / $visits * 86400000)::BIGINT + after_ms::BIGINT AS at_ms,
        kind = 'click' AS c
    FROM placed
)
SELECT
    $site::INTEGER AS site_id,
    $ingest + row_number() OVER (ORDER BY at_ms) AS ingest_id,
    kind,
    signed(hash(v, n, 'view')) AS view_id,
    j::INTEGER AS seq,
    signed(hash(who, $begin)) AS visitor_id,
    NULL::BIGINT AS login_id,
    make_timestamp_ms(at_ms) AS occurred_at,
    make_timestamp_ms(at_ms + (200 + 5000 * u(v, j // 4, 'sent'))::BIGINT) AS received_at,
    NULL::BOOLEAN AS time_adjusted,
    'shop.example' AS host,
    '/' || CASE WHEN p = 0 THEN '' ELSE 'section-' || p % 12 || '/page-' || p END AS path,
    CASE WHEN kind = 'view' THEN 'Page ' || p || ' of the shop' END AS title,
    CASE WHEN kind = 'view' THEN if(j = 0, 'navigate', 'history') END AS navigation,
    CASE WHEN j = 0 THEN s END AS source,
    CASE WHEN j = 0 AND s IS NOT NULL THEN if(s = 'Google', 'search', 'referral') END AS medium,
    CASE WHEN j = 0 AND s IS NOT NULL THEN 'https://' || lower(s) || '.example/' END AS referrer,
    CASE WHEN j = 0 AND u(v, 0, 'campaign') < 0.05 THEN 'spring' END AS campaign,
    NULL::VARCHAR AS campaign_term,
    NULL::VARCHAR AS campaign_content,
    CASE WHEN d < 0.55 THEN 'mobile' WHEN d < 0.95 THEN 'desktop' ELSE 'tablet' END AS device,
    ['Chrome', 'Safari', 'Firefox', 'Edge'][1 + floor(4 * u(who, 0, 'browser') ^ 2)::INTEGER] AS browser,
    (130 + floor(15 * u(who, 0, 'version')))::INTEGER::VARCHAR AS browser_version,
    ['Android', 'iOS', 'Windows', 'Mac OS X', 'Linux'][1 + floor(5 * u(who, 0, 'os'))::INTEGER] AS os,
    (10 + floor(6 * u(who, 0, 'osv')))::INTEGER::VARCHAR AS os_version,
    ['small', 'medium', 'large', 'wide'][1 + floor(4 * u(who, 0, 'screen'))::INTEGER] AS screen,
    ['pl-PL', 'en-US', 'de-DE', 'en-GB', 'fr-FR'][1 + floor(5 * u(who, 0, 'language') ^ 2)::INTEGER] AS language,
    ['PL', 'US', 'DE', 'GB', 'FR', 'NL'][1 + floor(6 * u(who, 0, 'country') ^ 2)::INTEGER] AS country,
    NULL::VARCHAR AS region,
    NULL::VARCHAR AS city,
    true AS place_approximate,
    CASE WHEN u(who, 0, 'bot') < 0.04 THEN 'declared' END AS label,
    CASE WHEN u(who, 0, 'bot') < 0.04 THEN 'Googlebot' END AS agent,
    CASE WHEN kind = 'engagement' THEN (500 + 30000 * u(v, j, 'engaged') ^ 2)::INTEGER END AS engaged_ms,
    CASE WHEN kind = 'engagement' THEN (1000 * u(v, j, 'scrolled'))::SMALLINT END AS scroll_permille,
    CASE WHEN kind = 'custom' THEN ['signup', 'search', 'purchase'][1 + floor(3 * fate)::INTEGER] END AS name,
    CASE WHEN kind = 'custom' THEN '{"amount":' || floor(100 * fate)::INTEGER || '}' END AS properties,
    CASE WHEN c THEN 'main>section:nth-of-type(' || (1 + p % 7) || ')>div.card:nth-of-type(' || e || ')>a' END
        AS element,
    CASE WHEN c THEN if(e % 3 = 0, 'button', 'a') END AS element_tag,
    NULL::VARCHAR AS element_role,
    CASE WHEN c THEN 'Label ' || e END AS element_text,
    CASE WHEN NOT c THEN NULL WHEN e % 10 = 9 THEN 'none' WHEN e % 10 = 8 THEN 'pointer' ELSE 'native' END
        AS affordance,
    NULL::BOOLEAN AS disabled,
    CASE WHEN c AND e % 20 = 7 THEN 'text' END AS exempt,
    CASE WHEN c THEN true END AS trusted,
    NULL::BOOLEAN AS modified,
    NULL::BOOLEAN AS dragged,
    NULL::BOOLEAN AS fixed,
    CASE WHEN c THEN (1000 * u(v, j, 'ox'))::SMALLINT END AS offset_x,
    CASE WHEN c THEN (1000 * u(v, j, 'oy'))::SMALLINT END AS offset_y,
    CASE WHEN c THEN (1000 * u(v, j, 'px'))::SMALLINT END AS page_x,
    CASE WHEN c THEN (4000 * u(v, j, 'py') ^ 2)::INTEGER END AS page_y,
    CASE WHEN c AND fate > 0.08 THEN if(fate < 0.12, 1000, 0) + (5 + 900 * u(v, j, 'm') ^ 3)::INTEGER END
        AS mutation_ms,
    CASE WHEN c AND fate > 0.04 THEN (5 + 400 * u(v, j, 'a') ^ 3)::INTEGER END AS any_mutation_ms,
    CASE WHEN c AND fate > 0.5 THEN (5 + 300 * u(v, j, 'r') ^ 3)::INTEGER END AS request_ms,
    CASE WHEN c AND fate > 0.99 THEN 800 END AS failed_request_ms,
    CASE WHEN c AND fate > 0.7 THEN (20 + 500 * u(v, j, 'n') ^ 2)::INTEGER END AS navigation_ms,
    CASE WHEN c AND fate BETWEEN 0.3 AND 0.4 THEN (100 + 6000 * u(v, j, 's'))::INTEGER END AS scroll_ms,
    NULL::INTEGER AS selection_ms,
    CASE WHEN c AND e % 20 = 7 THEN (500 + 5000 * u(v, j, 'i'))::INTEGER END AS input_ms,
    CASE WHEN c AND fate BETWEEN 0.4 AND 0.5 THEN (5 + 50 * u(v, j, 'f'))::INTEGER END AS focus_ms,
    NULL::INTEGER AS dialog_ms,
    CASE WHEN c AND fate > 0.7 THEN (600 + 900 * u(v, j, 'h'))::INTEGER END AS hidden_ms,
    NULL::INTEGER AS media_ms,
    CASE WHEN c AND fate BETWEEN 0.1 AND 0.11 THEN 3 END AS error_ms,
    CASE WHEN c THEN (20 * u(v, j, 'pace') ^ 4)::INTEGER END AS mutation_pace,
    CASE WHEN c THEN 3000 END AS watched_before_ms,
    CASE WHEN c THEN if(fate > 0.7, (600 + 900 * u(v, j, 'h'))::INTEGER, 7000) END AS watched_after_ms,
    NULL::BOOLEAN AS repeats,
    NULL::INTEGER[] AS attention_ms,
    NULL::INTEGER AS lcp_ms,
    NULL::INTEGER AS inp_ms,
    NULL::INTEGER AS cls_permille,
    NULL::INTEGER AS fcp_ms,
    NULL::INTEGER AS ttfb_ms,
    NULL::BOOLEAN AS imported
FROM told, LATERAL (
    SELECT ['Google', 'Bing', 'News', 'ChatGPT', NULL, NULL][1 + floor(6 * u(v, 0, 'source'))::INTEGER] AS s,
           u(who, 0, 'device') AS d
)
ORDER BY at_ms
"""
_MACROS = """
CREATE OR REPLACE TEMP MACRO u(a, b, salt) AS (hash(a, b, salt) >> 40)::DOUBLE / 16777216;
CREATE OR REPLACE TEMP MACRO signed(h) AS (h >> 1)::BIGINT;
"""


def fill(store: DuckStore, events: int, *, site_id: int = 1, days: int = DAYS, begin: datetime = BEGIN) -> int:
    """Add about `events` events of one site, evenly over `days` days, with their visits; returns how many."""
    visits = round(events / EVENTS_A_VISIT / days)
    first_id = made = store.next_ingest_id()
    for day in range(days):
        with store.writing() as cursor:
            cursor.execute(_MACROS)
            cursor.execute(
                _FRESH,
                {
                    "first": day * visits,
                    "visits": visits,
                    "mean": EVENTS_A_VISIT,
                    "begin": begin + timedelta(days=day),
                    "site": site_id,
                    "ingest": made - 1,
                },
            )
            made += insert_events(cursor)
    store.derive(site_id)
    store.checkpoint()
    return made - first_id
