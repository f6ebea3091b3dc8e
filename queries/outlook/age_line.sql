-- asks: Below which age must people be at the term change to count for each target of a tier?
-- reads: age_target
-- takes: as_of, tier?
-- grain: target_id
-- columns:
--   target_id  VARCHAR  the target
--   who_en     VARCHAR  whom it is about
--   who_zh     VARCHAR  whom it is about, in Chinese
--   band_en    VARCHAR  the band by name
--   band_zh    VARCHAR  the band by name, in Chinese
--   tier       VARCHAR  whose term change it is measured at
--   organ      VARCHAR  nature of the organ; null means any
--   upper_age  INTEGER  completed years the band stays below
--   document   VARCHAR  source
--   clause     VARCHAR  clause of the source
--   confirmed  VARCHAR  who stands behind it
select
    target_id, name_en as who_en, name_zh as who_zh, band_en, band_zh, tier, organ, upper_age,
    document, clause, confirmed
from age_target
where upper_age is not null
    and ($tier is null or tier = $tier)
    and valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
order by place
