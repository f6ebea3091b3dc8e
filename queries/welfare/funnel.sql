-- asks: How many of those entitled to an item used all of it in each unit, among units in the order of the tree?
-- reads: welfare_count, welfare_item, unit, extent
-- takes: year, item, min_group, body?, unit?
-- grain: unit_id
-- columns:
--   unit_id     VARCHAR  a unit under the one asked for, with people of its own
--   unit_name   VARCHAR  its name
--   body        VARCHAR  kind of body
--   people      INTEGER  people entitled; null where suppressed
--   full_use    INTEGER  of them, people who used all that they are entitled to; null where suppressed
--   share       DOUBLE   full_use over people; null where suppressed
--   suppressed  BOOLEAN  too few people, or next to too few in a total from which they could be taken away
--   document    VARCHAR  source of the item
--   clause      VARCHAR  clause of the source
--   confirmed   VARCHAR  who stands behind it
with hidden as (
    select
        mart.unit_no, unit.unit_id, unit.name, unit.body, mart.people, mart.full_use,
        withheld(mart.people, mart.unit_no, 1, $min_group) as suppressed
    from welfare_count as mart
    inner join extent on mart.unit_no between extent.first_no and extent.last_no
    inner join unit on mart.unit_no = unit.unit_no
    where extent.unit_id = coalesce($unit, '*')
        and mart.year = $year and mart.item = $item and mart.side = 'own' and ($body is null or unit.body = $body)
)
select
    hidden.unit_id, hidden.name as unit_name, hidden.body,
    case when not suppressed then hidden.people end as people,
    case when not suppressed then hidden.full_use end as full_use,
    case when not suppressed then hidden.full_use / hidden.people::double end as share,
    suppressed, welfare_item.document, welfare_item.clause, welfare_item.confirmed
from hidden
inner join welfare_item
    on welfare_item.item = $item
    and welfare_item.valid_from <= $year * 100 + 12
    and (welfare_item.valid_to is null or welfare_item.valid_to > $year * 100 + 12)
order by hidden.unit_no
