-- makes: For which posts people are kept in the reserve, each dated row with its age line and the people asked for a vacant post.
-- reads: given.reserve_kind
-- scope: everyone
-- grain: reserve, valid_from
-- columns:
--   reserve     VARCHAR  what people are kept for
--   place       INTEGER  place in the list
--   tier        VARCHAR  at whose term change age and vacancies are counted
--   bodies      VARCHAR  kinds of body of these posts, joined by |
--   roles       VARCHAR  their roles, joined by |
--   upper_age   INTEGER  completed years below which people stay
--   people      INTEGER  people asked for each vacant post
--   document    VARCHAR  source
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
--   valid_from  INTEGER  first month it holds, YYYYMM
--   valid_to    INTEGER  first month it no longer holds, YYYYMM; null means still in force
select
    kind as reserve, place, tier, bodies, roles, upper_age, people, document, clause, confirmed, valid_from, valid_to
from given.reserve_kind
