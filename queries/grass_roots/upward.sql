-- asks: How many moved between posts in townships and posts above them after one month and up to another, by post in the township and kind of unit above?
-- reads: move, extent, township_rule
-- takes: since, until, unit?
-- grain: way, township_post, body, joins_team
-- columns:
--   way            VARCHAR  up: out of a township; down: into one
--   township_post  VARCHAR  the post in the township: principal, team (the rest of the team) or staff
--   body           VARCHAR  kind of unit at the other end
--   joins_team     BOOLEAN  the post there is one of the team
--   people         INTEGER  moves
--   promoted       INTEGER  of these, to a higher post level
--   document       VARCHAR  source
--   clause         VARCHAR  clause of the source
--   confirmed      VARCHAR  who stands behind it
with moved as (
    select distinct
        person_id, month, from_body, move.body, from_role, role, from_level, level, from_body = 'township' as is_up
    from move
    inner join extent
        on move.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where move.month > $since and move.month <= $until and (from_body = 'township') <> (move.body = 'township')
),
told as (
    select
        is_up, level < from_level as is_promoted,
        case when is_up then from_role else role end as township_role,
        case when is_up then body else from_body end as body,
        case when is_up then role else from_role end as other_role
    from moved
),
rule as (
    select * from township_rule
    where concern = 'upward' and valid_from <= $until and (valid_to is null or valid_to > $until)
)
select
    case when is_up then 'up' else 'down' end as way,
    case
        when township_role in ('secretary', 'chief') then 'principal' when township_role = 'other' then 'staff' else 'team'
    end as township_post,
    body, other_role in ('secretary', 'chief', 'deputy', 'member') as joins_team,
    cast(count(*) as integer) as people, cast(count(*) filter (is_promoted) as integer) as promoted,
    max(rule.document) as document, max(rule.clause) as clause, max(rule.confirmed) as confirmed
from told
left join rule on true
group by way, township_post, body, joins_team
order by way desc, township_post, people desc, body, joins_team
