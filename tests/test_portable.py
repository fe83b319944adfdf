"""The models stay inside the portable core of SQL, and the lint that holds them there is awake."""

from __future__ import annotations

import pytest

from pipeline.engine.portable import outside
from pipeline.engine.spelling import spark_sql
from pipeline.models import load_models, load_questions

MODELS = [model for model in (*load_models(), *load_questions()) if model.sql]

TRAPS = (
    "select list(x order by y) as xs from t",
    "select array_agg(x order by y) from t",
    "select first(x order by y) from t",
    "select any_value(x) from t",
    "select arg_min(x, y) from t",
    "select avg(x) from t",
    "select mode(x) from t",
    "select histogram(x) from t",
    "select approx_count_distinct(x) from t",
    "select percentile_cont(0.9) within group (order by x) from t",
    "select quantile_disc(x, 0.9) from t",
    "select string_agg(x, ', ') from t",
    "select count(distinct x) over (partition by y) from t",
    "select row_number() over () from t",
    "select sum(x) over (order by y rows unbounded preceding exclude current row) from t",
    "select sum(x) over (order by y range between 1 preceding and 1 following) from t",
    "select distinct on (x) y from t",
    "select * exclude (x) from t",
    "select * replace (x as y) from t",
    "select columns('x.*') from t",
    "select x from t union all by name select x from u",
    "select x from t qualify row_number() over (order by x) = 1",
    "select x from t positional join u",
    "select x from t asof join u on t.x = u.x and t.y >= u.y",
    "select x from t join u using (x)",
    "select x from t using sample 3",
    "pivot t on x using sum(y)",
    "select x from t semi join u on t.x = u.x",
    "select try_cast(x as integer) from t",
    "select cast(x as hugeint) from t",
    "select cast(x as timestamptz) from t",
    "select x // y from t",
    "select hash(x) from t",
    "select log(x) from t",
    "select random()",
    "select current_date",
    "select date_diff('hour', x, y) from t",
    "select date_trunc('day', x) from t",
    "select date '2026-01-31' + interval 1 month",
    "select epoch(x) from t",
    "select epoch_us(x) from t",
    "select dayofweek(x) from t",
    "select isodow(x) from t",
    "select strftime(x, '%A') from t",
    "select time_bucket(interval 1 day, x) from t",
    "select x at time zone 'Europe/Berlin' from t",
    "select timezone('Europe/Berlin', x) from t",
    "select substr(x, 0, 2) from t",
    "select regexp_replace(x, 'a', 'b') from t",
    "select regexp_extract(x, 'a') from t",
    "select x glob 'a*' from t",
    "select x ilike 'a%' from t",
    "select [1, 2]",
    "select x[1] from t",
    "select map {'a': 1}",
    "select list_sum([1, 2])",
    "select unnest(range(3)) + 1",
    "with recursive a as (select 1 as x), b as (select x from a union all select x + 1 from b) "
    "select x from b",
)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_model_says_only_what_every_engine_understands_alike(model) -> None:
    found = outside(model.sql, is_question=model.floor == "questions")
    assert not found, f"{model.path.name}: say it in the portable core, or give it a spelling"


@pytest.mark.parametrize("trap", TRAPS)
def test_what_engines_take_for_different_things_is_refused(trap: str) -> None:
    assert outside(trap)


SPELLED = {
    "select x / 2 from t": "CAST(`x` AS DOUBLE) / CAST(2 AS DOUBLE)",
    "select cast(x as bigint) from t": "CAST(BROUND(`x`, 0) AS BIGINT)",
    "select cast(null as bigint) from t": "CAST(NULL AS BIGINT)",
    "select cast('0x' || substr(md5(x), 1, 15) as bigint) from t": (
        "CAST(CONV(SUBSTRING(MD5(`x`), 1, 15), 16, 10) AS BIGINT)"
    ),
    "select median(x) from t": "PERCENTILE(`x`, 0.5)",
    "select quantile_cont(x, 0.9) from t": "PERCENTILE(`x`, 0.9)",
    "select arg_max(x, y) from t": "MAX_BY(`x`, `y`) FILTER(WHERE NOT `x` IS NULL)",
    "select make_timestamp(x) from t": "CAST(TIMESTAMP_MICROS(`x`) AS TIMESTAMP_NTZ)",
    "select timezone(z, timezone('UTC', x)) from t": "CONVERT_TIMEZONE('UTC', `z`, `x`)",
    "select strftime(x, '%Y-%m') from t": "DATE_FORMAT(`x`, 'yyyy-MM')",
    "select cast(x as date) - date '1970-01-01' from t": (
        "DATEDIFF(CAST(`x` AS DATE), CAST('1970-01-01' AS DATE))"
    ),
    "select unnest(range(3)) as x": "EXPLODE(SEQUENCE(0, 2)) AS `x`",
    "select x from t order by x desc": "ORDER BY `x` DESC",
    "select string_agg(x, ', ' order by x) from t": (
        "LISTAGG(`x`, ', ') WITHIN GROUP (ORDER BY `x` NULLS LAST)"
    ),
    "select map.x from t as map": "SELECT `map`.`x` FROM `t` AS `map`",
}


@pytest.mark.parametrize("model_sql", SPELLED)
def test_what_engines_say_differently_has_one_spelling(model_sql: str) -> None:
    assert SPELLED[model_sql] in spark_sql(model_sql)


@pytest.mark.parametrize(
    "model", [model for model in MODELS if model.floor != "questions"], ids=lambda one: one.name
)
def test_every_model_can_be_worded_for_spark(model) -> None:
    assert spark_sql(model.sql)
