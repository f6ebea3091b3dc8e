-- asks: Which checks across all that landed found something, how often and in how many units?
-- reads: finding, extent
-- takes: unit?
-- grain: sheet, check_name
-- columns:
--   sheet        VARCHAR  the source, or the table of rules
--   check_name   VARCHAR  the check
--   records      INTEGER  records it found
--   units        INTEGER  units they lie in, where that is known
--   sentence_en  VARCHAR  what is wrong with the first of them and how to mend it
--   sentence_zh  VARCHAR  the same in Chinese
select
    finding.source as sheet, finding.rule as check_name, cast(count(*) as integer) as records,
    cast(count(distinct finding.unit_no) as integer) as units, min(finding.en) as sentence_en,
    arg_min(finding.zh, finding.en) as sentence_zh
from finding
left join extent
    on extent.unit_id = coalesce($unit, '*') and finding.unit_no between extent.first_no and extent.last_no
where extent.unit_id is not null or ($unit is null and finding.unit_no is null)
group by finding.source, finding.rule
order by records desc, sheet, check_name
