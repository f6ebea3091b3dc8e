-- asks: Under which programmes have people been posted by a month?
-- reads: assignment, programme
-- takes: as_of
-- grain: programme_id
-- columns:
--   programme_id  VARCHAR  the programme
--   programme_en  VARCHAR  its name
--   programme_zh  VARCHAR  its name in Chinese
select programme_id, name_en as programme_en, name_zh as programme_zh
from programme
where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
    and programme_id in (select programme_id from assignment where start_month <= $as_of)
order by place
