-- makes: Where each person's records belong: the unit of the primary post now held, else of the last post.
-- reads: given.member, holding, unit, build
-- scope: unit_no
-- grain: person_id
-- columns:
--   person_id  VARCHAR  who
--   unit_no    INTEGER  where; null without a post in a unit that is known
--   post       VARCHAR  that post
--   in_post    BOOLEAN  holds a primary post in the month the data stand at
with held as (
    select
        holding.person_id, unit.unit_no, holding.post,
        holding.is_primary and holding.end_month > build.data_month as in_post,
        row_number() over (
            partition by holding.person_id
            order by
                case when holding.is_primary and holding.end_month > build.data_month then 0 else 1 end,
                holding.end_month desc, holding.start_month desc, holding.start_date desc, unit.unit_no, holding.post
        ) as choice
    from holding
    cross join build
    inner join unit on holding.unit_id = unit.unit_id
)
select given.person_id, held.unit_no, held.post, coalesce(held.in_post, false) as in_post
from given.member as given
left join held on given.person_id = held.person_id and held.choice = 1
order by held.unit_no
