-- makes: The targets, each dated row with its value as a fraction of whole numbers.
-- reads: given.age_target
-- scope: everyone
-- grain: target_no
-- columns:
--   target_no        INTEGER  number of the dated row
--   target_id        VARCHAR  the target
--   place            INTEGER  place in the list
--   name_en          VARCHAR  whom it is about
--   name_zh          VARCHAR  whom it is about, in Chinese
--   band_en          VARCHAR  the band by name
--   band_zh          VARCHAR  the band by name, in Chinese
--   tier             VARCHAR  whose term change it is measured at
--   body             VARCHAR  kind of body
--   organ            VARCHAR  nature of the organ; null means any
--   roles            VARCHAR  roles counted, joined by |
--   posts            VARCHAR  primary: primary posts only; any: every post
--   sex              VARCHAR  sex asked for; null means any
--   party            VARCHAR  outside: people outside the Party; null means any
--   upper_age        INTEGER  completed years the band stays below; null means no age line
--   other_upper_age  INTEGER  the same under the other reading in use
--   kind             VARCHAR  share, per_unit or sub_share
--   numerator        INTEGER  value, numerator
--   divisor          INTEGER  value, denominator
--   value            VARCHAR  value as a fraction
--   denominator      VARCHAR  what the value is taken of
--   posts_a_unit     INTEGER  posts a unit, where the denominator is units
--   group_by         VARCHAR  where per_unit counts: unit or county
--   parent_id        VARCHAR  target whose people are the denominator of a sub_share
--   document         VARCHAR  source
--   clause           VARCHAR  clause of the source
--   confirmed        VARCHAR  who stands behind it
--   valid_from       INTEGER  first month it holds, YYYYMM
--   valid_to         INTEGER  first month it no longer holds, YYYYMM; null means still in force
--   counted_from     INTEGER  first month people are counted by it, YYYYMM: valid_from, and 0 for the target's first row
select
    cast(row_number() over (order by place, target_id, valid_from) as integer) as target_no,
    target_id, place, name_en, name_zh, band_en, band_zh, tier, body, organ, roles, posts, sex, party,
    upper_age, other_upper_age, kind,
    cast(split_part(value, '/', 1) as integer) as numerator,
    cast(coalesce(nullif(split_part(value, '/', 2), ''), '1') as integer) as divisor,
    value, denominator, posts_a_unit, group_by, parent_id, document, clause, confirmed, valid_from, valid_to,
    case when valid_from = min(valid_from) over (partition by target_id) then 0 else valid_from end as counted_from
from given.age_target
