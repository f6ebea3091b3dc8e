-- asks: How many teams have the people with the field that their duties ask for, and how many people are lacking?
-- reads: duty_need, team_skill, standing, unit, extent
-- takes: as_of, unit?
-- grain: rule_id, body
-- columns:
--   rule_id        VARCHAR  the rule
--   body           VARCHAR  kind of body
--   field          VARCHAR  the field asked for
--   known_by       VARCHAR  study or work; null where either will do
--   needed         INTEGER  people asked of each team
--   teams          INTEGER  teams that are asked
--   met            INTEGER  of them, teams that have the people
--   share          DOUBLE   met over teams
--   lacking        INTEGER  people lacking in all the others together
--   lacking_least  INTEGER  the same if everybody of whom nothing was reported turned out to have the field
--   unknown        INTEGER  people in these teams of whom nothing was reported and who are not known to have the field
--   document       VARCHAR  source
--   clause         VARCHAR  clause of the source
--   confirmed      VARCHAR  who stands behind it
with need as (
    select duty_need.*, unit.body, unit.unit_id, unit.name as unit_name
    from duty_need
    inner join unit on duty_need.unit_no = unit.unit_no
    inner join extent
        on duty_need.unit_no between extent.first_no and extent.last_no and extent.unit_id = coalesce($unit, '*')
    where duty_need.valid_from <= $as_of and (duty_need.valid_to is null or duty_need.valid_to > $as_of)
        and coalesce(unit.valid_from, 0) <= $as_of and coalesce(unit.valid_to, 999912) > $as_of
),
held as (
    select
        need.rule_id, need.unit_no, standing.person_id,
        max(case
            when skill.field = need.field and skill.from_month <= $as_of
                and (need.known_by is null or need.known_by = skill.known_by)
                then 1 else 0
        end) as has,
        max(case when skill.from_month = 0 then 1 else 0 end) as reported
    from need
    inner join standing
        on need.unit_no = standing.unit_no and standing.is_primary
        and standing.start_month <= $as_of and standing.end_month > $as_of
        and '|' || need.roles || '|' like '%|' || standing.role || '|%'
    left join team_skill as skill
        on standing.person_id = skill.person_id and standing.start_month = skill.start_month
    group by need.rule_id, need.unit_no, standing.person_id
),
team as (
    select
        rule_id, unit_no, count(*) as team, sum(has) as have,
        sum(case when has = 0 and reported = 0 then 1 else 0 end) as not_known
    from held
    group by rule_id, unit_no
),
counted as (
    select
        need.*, coalesce(team.team, 0) as team, coalesce(team.have, 0) as have, coalesce(team.not_known, 0) as not_known,
        greatest(need.people - coalesce(team.have, 0), 0) as lacking,
        greatest(need.people - coalesce(team.have, 0) - coalesce(team.not_known, 0), 0) as lacking_least
    from need
    left join team on need.rule_id = team.rule_id and need.unit_no = team.unit_no
)
select
    rule_id, body, field, known_by, people as needed,
    cast(count(*) as integer) as teams, cast(count(*) filter (lacking = 0) as integer) as met,
    count(*) filter (lacking = 0) / count(*)::double as share,
    cast(sum(lacking) as integer) as lacking, cast(sum(lacking_least) as integer) as lacking_least,
    cast(sum(not_known) as integer) as unknown,
    document, clause, confirmed
from counted
group by rule_id, place, body, field, known_by, people, document, clause, confirmed
order by place, body
