-- asks: How many checks, appraisals, assessments and one-vote vetoes did townships report of a year, and did they grow?
-- reads: unit_check, township_rule, unit, extent, build
-- takes: year, unit?
-- grain: check_kind
-- columns:
--   check_kind  VARCHAR  inspection, appraisal, assessment or veto
--   units       INTEGER  townships that stood at the end of the year
--   reporting   INTEGER  of them, townships that reported the kind
--   items       INTEGER  how many they reported together; null where none reported
--   average     DOUBLE   items over reporting
--   both        INTEGER  townships that reported the kind of this year and of the year before
--   items_before  INTEGER  what these reported of the year before
--   items_now   INTEGER  what these reported of this year
--   rising      INTEGER  of these, townships with more than the year before
--   most        INTEGER  the most that a township may meet; null where none is laid down
--   above       INTEGER  townships above it; null where none is laid down
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
with rule as (
    select * from township_rule
    where concern in ('inspection', 'appraisal', 'assessment', 'veto')
        and valid_from <= $year * 100 + 12 and (valid_to is null or valid_to > $year * 100 + 12)
),
place as (
    select unit.unit_no
    from unit
    inner join extent
        on unit.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    cross join build
    where unit.body = 'township'
        and coalesce(unit.valid_from, 0) <= least($year * 100 + 12, build.data_month)
        and coalesce(unit.valid_to, 999912) > least($year * 100 + 12, build.data_month)
),
counted as (
    select
        rule.concern, count(*) as units, count(now.items) as reporting, sum(now.items) as items,
        count(earlier.items) filter (now.items is not null) as pairs,
        sum(earlier.items) filter (now.items is not null) as items_before,
        sum(now.items) filter (earlier.items is not null) as items_now,
        count(*) filter (now.items > earlier.items) as rising,
        count(*) filter (now.items > rule.most) as above
    from rule
    cross join place
    left join unit_check as now
        on place.unit_no = now.unit_no and rule.concern = now.check_kind and now.year = $year
    left join unit_check as earlier
        on place.unit_no = earlier.unit_no and rule.concern = earlier.check_kind and earlier.year = $year - 1
    group by rule.concern
)
select
    rule.concern as check_kind, cast(units as integer) as units, cast(reporting as integer) as reporting,
    cast(items as integer) as items, items / nullif(reporting, 0)::double as average,
    cast(pairs as integer) as both, cast(items_before as integer) as items_before, cast(items_now as integer) as items_now,
    cast(rising as integer) as rising, rule.most, cast(case when rule.most is not null then above end as integer) as above,
    rule.document, rule.clause, rule.confirmed
from rule
inner join counted on rule.concern = counted.concern
order by rule.place
