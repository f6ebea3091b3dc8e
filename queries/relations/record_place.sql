-- makes: Where each person's records belong: the unit of the primary post now held, else of the last post.
-- reads: given.member, holding, unit, build
-- scope: unit_no
-- grain: person_id
-- person: person_id
-- columns:
--   person_id  VARCHAR  who
--   unit_no    INTEGER  where; null without a post in a unit that is known
--   post       VARCHAR  that post
--   in_post    BOOLEAN  holds a primary post in the month the data stand at
with held as (
    select
        holding.*, unit.unit_no,
        holding.is_primary and holding.start_month <= build.data_month and holding.end_month > build.data_month as in_post
    from holding
    cross join build
    inner join unit on holding.unit_id = unit.unit_id
),
chosen as (
    select
        *,
        row_number() over (
            partition by person_id
            order by
                case when in_post then 0 else 1 end,
                end_month desc, case when is_primary then 0 else 1 end, start_date desc, unit_no, post
        ) as choice
    from held
)
select given.person_id, chosen.unit_no, chosen.post, coalesce(chosen.in_post, false) as in_post
from given.member as given
left join chosen on given.person_id = chosen.person_id and chosen.choice = 1
order by chosen.unit_no
