-- asks: Who joined a unit from another, of which kinds, after one month and up to another?
-- reads: move, unit, extent
-- takes: since, until, unit?, level?, body?, from_body?
-- grain: person_id, month
-- columns:
--   month            INTEGER  first month in the new post, YYYYMM
--   person_id        VARCHAR  who
--   name             VARCHAR  name
--   from_unit        VARCHAR  name of the unit left
--   unit_id          VARCHAR  unit joined
--   unit_name        VARCHAR  its name
--   from_body        VARCHAR  kind of body left
--   body             VARCHAR  kind of body joined
--   from_level       VARCHAR  post level left
--   level            VARCHAR  post level joined
--   exchange_kind    VARCHAR  how the person came to the post
--   exchange_reason  VARCHAR  why
--   programme_id     VARCHAR  programme it belongs to; null for none
select
    move.month, move.person_id, move.name, source.name as from_unit, unit.unit_id, unit.name as unit_name,
    move.from_body, move.body, move.from_level, move.level,
    move.exchange_kind, move.exchange_reason, move.programme_id
from move
inner join extent on move.unit_no between extent.first_no and extent.last_no
inner join unit on move.unit_no = unit.unit_no
inner join unit as source on move.from_no = source.unit_no
where extent.unit_id = coalesce($unit, '*')
    and move.arrives and move.is_leading
    and move.month > $since and move.month <= $until
    and ($level is null or move.level = $level)
    and ($body is null or move.body = $body)
    and ($from_body is null or move.from_body = $from_body)
order by move.month, unit.unit_no, move.person_id
