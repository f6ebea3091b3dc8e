-- makes: The largest shares of excellent grades, as fractions of whole numbers.
-- reads: given.grade_cap
-- scope: everyone
-- grain: cap_id, valid_from
-- columns:
--   cap_id              VARCHAR  the cap
--   place               INTEGER  place in the list
--   name_en             VARCHAR  whom it is about
--   name_zh             VARCHAR  whom it is about, in Chinese
--   about               VARCHAR  people, leaders or teams
--   counted_in          VARCHAR  unit or group: where the share is taken and rounded down
--   share               VARCHAR  largest share, as a fraction
--   numerator           INTEGER  its numerator
--   divisor             INTEGER  its denominator
--   approved_numerator  INTEGER  numerator of the largest share with approval; null where none is known
--   approved_divisor    INTEGER  its denominator
--   document            VARCHAR  source
--   clause              VARCHAR  clause of the source
--   confirmed           VARCHAR  who stands behind it
--   valid_from          INTEGER  first month it holds, YYYYMM
--   valid_to            INTEGER  first month it no longer holds, YYYYMM; 999912 while in force
select
    cap_id, place, name_en, name_zh, about, counted_in, share,
    cast(split_part(share, '/', 1) as integer) as numerator,
    cast(coalesce(nullif(split_part(share, '/', 2), ''), '1') as integer) as divisor,
    cast(split_part(approved_share, '/', 1) as integer) as approved_numerator,
    case when approved_share is not null
        then cast(coalesce(nullif(split_part(approved_share, '/', 2), ''), '1') as integer) end as approved_divisor,
    document, clause, confirmed, valid_from, coalesce(valid_to, 999912) as valid_to
from given.grade_cap
