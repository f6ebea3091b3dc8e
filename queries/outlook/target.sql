-- asks: What exactly does each target in force count, and of whom?
-- reads: age_target
-- takes: as_of
-- grain: target_id
-- columns:
--   target_id    VARCHAR  the target
--   body         VARCHAR  kind of body
--   organ        VARCHAR  nature of the organ; null means any
--   roles        VARCHAR  roles counted, joined by |
--   posts        VARCHAR  primary: primary posts only; any: every post
--   sex          VARCHAR  sex asked for; null means any
--   party        VARCHAR  outside: people outside the Party; null means any
--   upper_age    INTEGER  completed years the band stays below; null without an age line
--   kind         VARCHAR  share, per_unit or sub_share
--   numerator    INTEGER  value, numerator
--   divisor      INTEGER  value, denominator
--   denominator  VARCHAR  what the value is taken of
--   group_by     VARCHAR  where per_unit counts: unit or county
--   parent_id    VARCHAR  target whose people are the denominator of a sub_share
select
    target_id, body, organ, roles, posts, sex, party, upper_age, kind, numerator, divisor, denominator, group_by,
    parent_id
from age_target
where valid_from <= $as_of and (valid_to is null or valid_to > $as_of)
order by place, target_id
