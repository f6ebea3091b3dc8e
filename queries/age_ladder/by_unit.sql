-- asks: Where under a unit is each target met, and where are people short?
-- reads: target_month, age_target, target_status, unit_below
-- takes: as_of, target?, unit?
-- grain: unit_id, target_id
-- columns:
--   unit_id    VARCHAR  a unit right under the one asked for
--   unit_name  VARCHAR  its name
--   target_id  VARCHAR  the target
--   who_en     VARCHAR  whom it is about
--   who_zh     VARCHAR  whom it is about, in Chinese
--   band_en    VARCHAR  the band by name
--   band_zh    VARCHAR  the band by name, in Chinese
--   base       INTEGER  the denominator: people, posts or units
--   needed     INTEGER  people that the target would ask of the unit alone
--   have       INTEGER  people who count
--   spare      INTEGER  have less needed
--   status     VARCHAR  met, at_risk or missed
--   document   VARCHAR  source
--   clause     VARCHAR  clause of the source
--   confirmed  VARCHAR  who stands behind it
with target as (
    select * from age_target
    where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
        and ($target is null or target_id = $target)
),
below as (
    select unit_no, last_no, unit_id, name from unit_below where upper_id = coalesce($unit, '*')
),
counted as (
    select
        ledger.target_no, below.unit_no, below.unit_id, below.name,
        sum(ledger.base) as base, sum(ledger.have) as have
    from target_month as ledger
    asof join below on ledger.unit_no >= below.unit_no
    where ledger.unit_no <= below.last_no
        and ledger.year = cast(floor($as_of / 100) as integer) and ledger.month <= $as_of
    group by ledger.target_no, below.unit_no, below.unit_id, below.name
),
judged as (
    select
        counted.unit_no, counted.unit_id, counted.name as unit_name, target.*,
        cast(counted.base as integer) as base,
        cast(ceil(target.numerator * counted.base / target.divisor) as integer) as needed,
        cast(counted.have as integer) as have
    from counted
    inner join target using (target_no)
    where counted.base > 0
)
select
    judged.unit_id, judged.unit_name, judged.target_id, judged.name_en as who_en, judged.name_zh as who_zh,
    judged.band_en, judged.band_zh,
    judged.base, judged.needed, judged.have, judged.have - judged.needed as spare, rule.status,
    judged.document, judged.clause, judged.confirmed
from judged
left join target_status as rule
    on rule.kind = judged.kind
    and judged.have - judged.needed between coalesce(rule.spare_from, -1e9) and coalesce(rule.spare_to, 1e9)
    and rule.valid_from <= $as_of and rule.valid_to > $as_of
order by judged.unit_no, judged.place
