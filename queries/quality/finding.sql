-- asks: What did the checks across all that landed find, and in which unit?
-- reads: finding, record_place, unit, extent
-- takes: unit?, sheet?, check?
-- grain: sheet, check_name, record, value
-- columns:
--   sheet        VARCHAR  the source, or the table of rules
--   check_name   VARCHAR  the check
--   unit_id      VARCHAR  the unit it is about, or where the person's records belong; null where neither is known
--   unit_name    VARCHAR  name of the unit
--   record       VARCHAR  the record it is about
--   value        VARCHAR  the value that is not as it should be
--   sentence_en  VARCHAR  what is wrong and how to mend it
--   sentence_zh  VARCHAR  what is wrong and how to mend it, in Chinese
with placed as (
    select
        finding.*, coalesce(place.unit_no, own.unit_no) as unit_no
    from finding
    left join record_place as place on split_part(finding.record, ' ', 1) = place.person_id
    left join unit as own on split_part(finding.record, ' ', 1) = own.unit_id
)
select
    placed.source as sheet, placed.rule as check_name, unit.unit_id, unit.name as unit_name,
    placed.record, placed.value, placed.en as sentence_en, placed.zh as sentence_zh
from placed
left join extent
    on extent.unit_id = coalesce($unit, '*') and placed.unit_no between extent.first_no and extent.last_no
left join unit on placed.unit_no = unit.unit_no
where (extent.unit_id is not null or ($unit is null and placed.unit_no is null))
    and ($sheet is null or placed.source = $sheet)
    and ($check is null or placed.rule = $check)
order by placed.source, placed.rule, placed.unit_no, placed.record, placed.value
