-- asks: How many targets does a unit, and each unit right under it, meet and miss, and which colour is that?
-- reads: target_month, age_target, target_status, colour_rule, unit, unit_below, extent
-- takes: as_of, unit?
-- grain: unit_id
-- columns:
--   unit_id    VARCHAR  the unit; null for a whole of several tops
--   unit_name  VARCHAR  its name; null for a whole of several tops
--   place      VARCHAR  self or below
--   targets    INTEGER  targets asked of it
--   met        INTEGER  targets met
--   at_risk    INTEGER  targets met by nobody to spare
--   missed     INTEGER  targets missed
--   colour     VARCHAR  green, blue, yellow or red, by the number of targets missed
--   document   VARCHAR  source of the colours
--   clause     VARCHAR  clause of the source
--   confirmed  VARCHAR  who stands behind it
with target as (
    select * from age_target where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
),
below as (
    select unit_no, last_no, unit_id, name from unit_below where upper_id = coalesce($unit, '*')
),
root as (
    select case count(*) when 1 then min(unit_id) end as unit_id, case count(*) when 1 then min(name) end as name
    from unit
    where parent_no is null
),
self as (
    select
        extent.first_no, extent.last_no,
        coalesce(unit.unit_id, root.unit_id) as unit_id, coalesce(unit.name, root.name) as name
    from extent
    cross join root
    left join unit on extent.unit_id = unit.unit_id
    where extent.unit_id = coalesce($unit, '*')
),
ledger as (
    select target_no, unit_no, sum(base) as base, sum(have) as have
    from target_month
    where year = cast(floor($as_of / 100) as integer) and month <= $as_of
    group by target_no, unit_no
),
placed as (
    select
        'below' as place, below.unit_no, below.unit_id, below.name, ledger.target_no, ledger.base, ledger.have
    from ledger
    asof inner join below on ledger.unit_no >= below.unit_no
    where ledger.unit_no <= below.last_no
    union all
    select 'self', self.first_no, self.unit_id, self.name, ledger.target_no, ledger.base, ledger.have
    from ledger
    inner join self on ledger.unit_no between self.first_no and self.last_no
),
judged as (
    select
        placed.place, placed.unit_no, placed.unit_id, placed.name, target.target_no, target.kind,
        sum(placed.have) - ceil(target.numerator * sum(placed.base) / target.divisor) as spare
    from placed
    inner join target on placed.target_no = target.target_no
    group by
        placed.place, placed.unit_no, placed.unit_id, placed.name,
        target.target_no, target.kind, target.numerator, target.divisor
    having sum(placed.base) > 0
),
tallied as (
    select
        judged.place, judged.unit_no, judged.unit_id, judged.name,
        cast(count(*) as integer) as targets,
        cast(count(*) filter (where rule.status = 'met') as integer) as met,
        cast(count(*) filter (where rule.status = 'at_risk') as integer) as at_risk,
        cast(count(*) filter (where rule.status = 'missed') as integer) as missed
    from judged
    inner join target_status as rule
        on judged.kind = rule.kind
        and judged.spare between coalesce(rule.spare_from, -1e9) and coalesce(rule.spare_to, 1e9)
        and rule.valid_from <= $as_of and rule.valid_to > $as_of
    group by judged.place, judged.unit_no, judged.unit_id, judged.name
)
select
    tallied.unit_id, tallied.name as unit_name, tallied.place,
    tallied.targets, tallied.met, tallied.at_risk, tallied.missed,
    colour.colour, colour.document, colour.clause, colour.confirmed
from tallied
left join colour_rule as colour
    on tallied.missed between colour.missed_from and coalesce(colour.missed_to, 1e9)
    and colour.valid_from <= $as_of and colour.valid_to > $as_of
order by tallied.place desc, tallied.unit_no
