-- asks: Which checks across all that landed found something, how often and in how many units?
-- reads: finding, record_place, unit, extent
-- takes: unit?
-- grain: sheet, check_name
-- columns:
--   sheet        VARCHAR  the source, or the table of rules
--   check_name   VARCHAR  the check
--   records      INTEGER  records it found
--   units        INTEGER  units they lie in, where that is known
--   sentence_en  VARCHAR  what is wrong with the first of them and how to mend it
--   sentence_zh  VARCHAR  the same in Chinese
with placed as (
    select finding.*, coalesce(place.unit_no, own.unit_no) as unit_no
    from finding
    left join record_place as place on split_part(finding.record, ' ', 1) = place.person_id
    left join unit as own on split_part(finding.record, ' ', 1) = own.unit_id
)
select
    placed.source as sheet, placed.rule as check_name, cast(count(*) as integer) as records,
    cast(count(distinct placed.unit_no) as integer) as units, min(placed.en) as sentence_en,
    arg_min(placed.zh, placed.en) as sentence_zh
from placed
left join extent
    on extent.unit_id = coalesce($unit, '*') and placed.unit_no between extent.first_no and extent.last_no
where extent.unit_id is not null or ($unit is null and placed.unit_no is null)
group by placed.source, placed.rule
order by records desc, sheet, check_name
