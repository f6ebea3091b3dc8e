-- asks: How many of those entitled to an item used all of it in each unit, among units in the order of the tree?
-- reads: welfare_count, welfare_item, unit
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
with area as (
    select min(unit_no) as first_no, max(last_no) as last_no
    from unit
    where $unit is null or unit_id = $unit
),
ranked as (
    select
        mart.unit_no, unit.unit_id, unit.name, unit.body, mart.people, mart.full_use,
        row_number() over smallest_first as place,
        min(mart.people) over () as fewest,
        coalesce(sum(mart.people) over (smallest_first rows between unbounded preceding and 1 preceding), 0) as smaller
    from welfare_count as mart
    inner join area on mart.unit_no between area.first_no and area.last_no
    inner join unit on mart.unit_no = unit.unit_no
    where mart.year = $year and mart.item = $item and mart.side = 'own' and ($body is null or unit.body = $body)
    window smallest_first as (order by mart.people, mart.unit_no)
),
hidden as (
    select
        *,
        people < $min_group or (fewest < $min_group and (place <= 2 or smaller < $min_group)) as suppressed
    from ranked
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
