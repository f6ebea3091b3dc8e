-- makes: Every change of a leading primary post, up, sideways, down, aside to a post without a team, or out of all posts.
-- reads: standing
-- scope: unit_no
-- grain: person_id, month, direction
-- person: person_id
-- columns:
--   person_id   VARCHAR  who
--   month       INTEGER  first month in the new post, or out of the last, YYYYMM
--   direction   VARCHAR  up, sideways, down, aside, out, entered (a leading post from none, with the level kept or lower); or unknown where a level is not told
--   unit_no     INTEGER  where: the unit joined, of who came down, aside or out the unit left
--   level       VARCHAR  post level: left on the way down, aside or out, reached otherwise
--   end_reason  VARCHAR  why the post left ended
with held as (
    select
        standing.*,
        lag(unit_no) over (partition by person_id order by start_month) as from_no,
        lag(level) over (partition by person_id order by start_month) as from_level,
        lag(role) over (partition by person_id order by start_month) as from_role,
        lag(end_reason) over (partition by person_id order by start_month) as from_reason,
        lag(post) over (partition by person_id order by start_month) as from_post,
        lag(start_date) over (partition by person_id order by start_month) as from_date,
        lead(start_month) over (partition by person_id order by start_month) as next_month
    from standing
    where is_primary
),
came as (
    select
        *,
        case
            when role = 'other' then 'aside'
            when level < from_level then 'up'
            when from_role = 'other' and level >= from_level then 'entered'
            when level > from_level then 'down'
            when level = from_level then 'sideways'
            else 'unknown'
        end as direction
    from held
    where from_no is not null and (role <> 'other' or from_role <> 'other')
        and (from_no <> unit_no or from_post <> post or from_date <> start_date)
)
select
    person_id, start_month as month, direction,
    case when direction in ('down', 'aside') then from_no else unit_no end as unit_no,
    case when direction in ('down', 'aside') then from_level else level end as level,
    from_reason as end_reason
from came
union all
select person_id, end_month, 'out', unit_no, level, end_reason
from held
where role <> 'other' and next_month is null and end_month < 999912
order by month, unit_no, person_id
