-- asks: What did the checks across all that landed find, and in which unit?
-- reads: finding, unit, extent
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
select
    finding.source as sheet, finding.rule as check_name, unit.unit_id, unit.name as unit_name,
    finding.record, finding.value, finding.en as sentence_en, finding.zh as sentence_zh
from finding
left join extent
    on extent.unit_id = coalesce($unit, '*') and finding.unit_no between extent.first_no and extent.last_no
left join unit on finding.unit_no = unit.unit_no
where (extent.unit_id is not null or ($unit is null and finding.unit_no is null))
    and ($sheet is null or finding.source = $sheet)
    and ($check is null or finding.rule = $check)
order by finding.source, finding.rule, finding.unit_no, finding.record, finding.value
