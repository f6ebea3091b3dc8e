-- makes: What a unit's grade allows its people: a share of excellent leading cadres, and the highest grade of a head.
-- reads: given.grade_link
-- scope: everyone
-- grain: unit_grade, valid_from
-- columns:
--   unit_grade    VARCHAR  grade of the unit
--   share         VARCHAR  largest share of excellent leading cadres, as a fraction
--   numerator     INTEGER  its numerator
--   divisor       INTEGER  its denominator
--   head_ceiling  VARCHAR  highest grade of a head; null means any
--   document      VARCHAR  source
--   clause        VARCHAR  clause of the source
--   confirmed     VARCHAR  who stands behind it
--   valid_from    INTEGER  first month it holds, YYYYMM
--   valid_to      INTEGER  first month it no longer holds, YYYYMM; 999912 while in force
select
    unit_grade, share,
    cast(split_part(share, '/', 1) as integer) as numerator,
    cast(coalesce(nullif(split_part(share, '/', 2), ''), '1') as integer) as divisor,
    head_ceiling, document, clause, confirmed, valid_from, coalesce(valid_to, 999912) as valid_to
from given.grade_link
