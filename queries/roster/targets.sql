-- asks: Which targets are in force in some month of a span, and where do they stand written?
-- reads: age_target
-- takes: since, until, target?
-- grain: target_id, valid_from
-- columns:
--   target_id   VARCHAR  the target
--   who_en      VARCHAR  whom it is about
--   who_zh      VARCHAR  whom it is about, in Chinese
--   band_en     VARCHAR  the band by name
--   band_zh     VARCHAR  the band by name, in Chinese
--   value       VARCHAR  what is asked, as a fraction
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
--   valid_from  INTEGER  first month it holds, YYYYMM
--   valid_to    INTEGER  first month it no longer holds, YYYYMM; null means still in force
select
    target_id, name_en as who_en, name_zh as who_zh, band_en, band_zh, value,
    document, clause, confirmed, valid_from, valid_to
from age_target
where valid_from <= $until and (valid_to is null or valid_to > $since)
    and ($target is null or target_id = $target)
order by place, target_id, valid_from
