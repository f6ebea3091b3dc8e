-- asks: How many cases of tolerance, correction and clearing were taken up in each year, and what came of them?
-- reads: protection_case, extent
-- takes: since, until, min_group, unit?
-- grain: protected_by, year
-- columns:
--   protected_by  VARCHAR  kind of case: tolerance, correction or clearing
--   year          INTEGER  year in which it was taken up
--   taken_up      INTEGER  cases; null where suppressed
--   upheld        INTEGER  of them, upheld; null where suppressed
--   refused       INTEGER  not upheld; null where suppressed
--   complete      INTEGER  brought to their end; null where suppressed
--   suppressed    BOOLEAN  too few cases, or next to too few in a total from which they could be taken away
with counted as (
    select
        kind as protected_by, cast(floor(month / 100) as integer) as year, count(*) as cases,
        count(*) filter (upheld) as upheld, count(*) filter (not upheld) as refused,
        count(*) filter (is_complete) as complete
    from protection_case
    inner join extent
        on protection_case.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where month > $since and month <= $until
    group by kind, floor(month / 100)
),
hidden as (
    select *, withheld(cases, year, protected_by, $min_group) as suppressed from counted
)
select
    protected_by, year,
    cast(case when not suppressed then cases end as integer) as taken_up,
    cast(case when not suppressed then upheld end as integer) as upheld,
    cast(case when not suppressed then refused end as integer) as refused,
    cast(case when not suppressed then complete end as integer) as complete,
    suppressed
from hidden
order by case protected_by when 'tolerance' then 1 when 'correction' then 2 else 3 end, year
